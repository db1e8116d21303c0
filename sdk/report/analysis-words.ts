// The words of an analysis page in one language: the report's and its own.
import { type AnalysisMessageKey, type AnalysisMessages, analysisMessagesEn } from './analysis-messages.en.ts';
import { analysisMessagesZh } from './analysis-messages.zh.ts';
import { formatNumber } from './format.ts';
import { type Messages, messagesEn } from './messages.en.ts';
import { messagesZh } from './messages.zh.ts';

export type AnalysisLanguage = 'en' | 'zh';
export type AnalysisWords = Messages & AnalysisMessages & { readonly language: AnalysisLanguage };

const WORDS: Readonly<Record<AnalysisLanguage, AnalysisWords>> = {
  en: { ...messagesEn, ...analysisMessagesEn, language: 'en' },
  zh: { ...messagesZh, ...analysisMessagesZh, language: 'zh' },
};

export function analysisWords(language: AnalysisLanguage): AnalysisWords {
  return WORDS[language];
}

/** The word for a name that came with the data, such as "driver-eda"; the name itself where there is none. */
export function wordFor(
  kind: 'choice' | 'profile' | 'driver' | 'group' | 'source',
  name: string,
  words: AnalysisWords,
): string {
  const key = `${kind}-${name}`;
  return Object.hasOwn(words, key) ? words[key as AnalysisMessageKey] : name;
}

/** As many decimals as make about three digits: powers reach thousands, ratios are below one. */
export function formatIndex(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value.toExponential(1);
  if (size < 1) return formatNumber(value, 3);
  return formatNumber(value, size >= 1000 ? 0 : size >= 100 ? 1 : 2);
}

/** A standard error beside its value; what rounding alone leaves of it is none. */
export function formatError(error: number | null, value: number | null): string | null {
  if (error === null || value === null) return null;
  return formatIndex(error < 1e-9 * Math.abs(value) ? 0 : error);
}
