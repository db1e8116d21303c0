/** Version of this release; a test holds it against package.json. */
export const MAIBO_VERSION = '0.1.0';
