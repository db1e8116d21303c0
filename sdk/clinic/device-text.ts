// Texts that a device tells of itself, before they go into records and onto screens.

/** What a record holds (record.cddl: short-text), in bytes of UTF-8. */
export const SHORT_TEXT_BYTES_MAX = 64;

/** Without what steers terminals or hides (control, format and private characters), blanks joined, whole characters only; '' when nothing is left. */
export function shortText(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cutToBytes(plain, SHORT_TEXT_BYTES_MAX).trimEnd();
}

function cutToBytes(text: string, bytesMax: number): string {
  let sizeBytes = 0;
  let cut = '';
  for (const character of text) {
    sizeBytes += Buffer.byteLength(character);
    if (sizeBytes > bytesMax) break;
    cut += character;
  }
  return cut;
}
