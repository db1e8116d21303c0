import { expect, it } from 'vitest';
import { closing } from './closing.ts';
import { createMemoryLinks } from './memory-link.ts';

it('closes a link when its block ends, also by a failure', async () => {
  const [near, far] = createMemoryLinks();
  const failing = (async () => {
    await using link = closing(near);
    await link.write(Uint8Array.of(1));
    throw new Error('in the middle');
  })();
  await expect(failing).rejects.toThrow('in the middle');
  await expect(near.write(Uint8Array.of(2))).rejects.toMatchObject({ code: 'link-lost' });
  const heard: Uint8Array[] = [];
  for await (const chunk of far.chunks) heard.push(chunk);
  expect(heard).toEqual([Uint8Array.of(1)]);
});

it('closes what closes at once', async () => {
  let isClosed = false;
  {
    await using file = closing({ name: 'file', close: () => void (isClosed = true) });
    expect(file.name).toBe('file');
  }
  expect(isClosed).toBe(true);
});
