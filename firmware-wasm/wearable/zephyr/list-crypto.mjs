// For CMake: the fetched cryptography's sources and the folders of its headers, with semicolons between.
import { fetchCrypto } from '../../../protocols/c/fetch-crypto.mjs';

const { sources, includes } = fetchCrypto();
console.log([...sources, ...includes].join(';'));
