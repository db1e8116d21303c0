import { describe, expect, it } from 'vitest';
import { Voice } from './voice.ts';

function screens(isTTY: boolean, columns = 80) {
  const said = { news: '', state: '' };
  const news = { write: (text: string) => (said.news += text) };
  const state = { isTTY, columns, write: (text: string) => (said.state += text) };
  return { said, voice: new Voice(news, state) };
}

describe('the voice of a command', () => {
  it('writes one line anew on a terminal, cut to its width, and clears it for news', () => {
    const { said, voice } = screens(true, 11);
    voice.progress('listening for ever');
    voice.line('heard');
    voice.done();
    expect(said).toEqual({ news: 'heard\n', state: '\r\u001b[2Klistening \r\u001b[2K' });
  });

  it('writes lines elsewhere, each once, and nothing that changes every second', () => {
    const { said, voice } = screens(false);
    voice.progress('listening');
    voice.progress('listening');
    voice.tick('listening: 1');
    voice.remark('done');
    voice.progress('listening');
    expect(said).toEqual({ news: '', state: 'listening\ndone\nlistening\n' });
  });
});
