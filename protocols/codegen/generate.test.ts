import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate, SCHEMA_FILES } from './generate.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const sources = SCHEMA_FILES.map((name) => ({ file: `protocols/schema/${name}`, text: read(`schema/${name}`) }));

// When this fails: npx tsc -b && node protocols/dist/codegen/main.js
test.each(generate(sources))('generated/$name is what the schema gives', ({ name, text }) => {
  expect(read(`generated/${name}`)).toBe(text);
});

test('generating twice gives the same bytes', () => {
  expect(generate(sources)).toEqual(generate(sources));
});

test('a changed source changes the banner of every file', () => {
  const changed = sources.map((source, index) =>
    index === 0 ? { ...source, text: `${source.text}; more\n` } : source,
  );
  const before = generate(sources);
  for (const [index, file] of generate(changed).entries()) expect(file.text).not.toBe(before[index]!.text);
});
