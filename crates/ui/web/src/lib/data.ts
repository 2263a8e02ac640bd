// What the server tells the islands, from the JSON block at the end of the page.

export interface Command {
  label: string;
  group: string;
  path: string;
  /** HTML of the icon, made by the server. */
  icon: string;
}

export interface ShellData {
  lang: string;
  theme: string;
  app: string;
  csrf: string;
  signed_in: boolean;
  /** Addresses to ask, one per app that can be searched. */
  search: string[];
  words: Record<string, string>;
  counts: Record<string, [string, string, string]>;
  commands: Command[];
  languages: [string, string][];
}

const EMPTY: ShellData = {
  lang: 'en',
  theme: 'system',
  app: '',
  csrf: '',
  signed_in: false,
  search: [],
  words: {},
  counts: {},
  commands: [],
  languages: [],
};

let known: ShellData | undefined;

/** Reads the block once. */
export function data(): ShellData {
  if (known) return known;
  const text = document.getElementById('shell-data')?.textContent;
  try {
    known = { ...EMPTY, ...(text ? (JSON.parse(text) as Partial<ShellData>) : {}) };
  } catch {
    known = EMPTY;
  }
  return known;
}

/** Forgets it, after the page was replaced or in tests. */
export function forget(): void {
  known = undefined;
}

/** A message of the server's catalogue; `{name}` is filled from `values`. */
export function word(key: string, values: Record<string, string> = {}): string {
  const text = data().words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** A message for a count, in the forms none, one and many. */
export function counted(key: string, count: number): string {
  const forms = data().counts[key];
  if (!forms) return key;
  const form = count === 0 ? forms[0] : count === 1 ? forms[1] : forms[2];
  return form.replace('{count}', new Intl.NumberFormat(data().lang).format(count));
}
