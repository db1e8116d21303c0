// A paper, and how it is cited.

export interface Source {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly where: string;
  /** Null where there is none or it is not certain. */
  readonly doi: string | null;
}

export function paper(authors: string, year: number, title: string, where: string, doi: string | null = null): Source {
  return { authors, year, title, where, doi };
}

export function cite({ authors, year, title, where, doi }: Source): string {
  const stop = /[?!.]$/.test(title) ? '' : '.';
  const stated = `${authors} ${year}. ${title}${stop} ${where}`;
  return doi === null ? stated : `${stated}, doi:${doi}`;
}
