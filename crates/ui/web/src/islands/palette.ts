// The search across apps that also runs commands. Opened by `/`, Ctrl/Cmd+K and the button in the top bar.
//
// A combobox in a modal dialog. What people can go to comes with the page, so it answers at once; what each live app
// finds (GET <search>?q=.., {results: [{title, path, subtitle?, app?}]}) joins when it arrives.

import { counted, data, word, type Command } from '../lib/data';
import { el, glyph, localPath, trusted, uid } from '../lib/dom';
import { rank } from '../lib/fuzzy';
import { postForm } from '../lib/http';
import { step } from './menu';
import { setTheme } from './theme';

export interface Entry {
  label: string;
  hint: string;
  group: string;
  icon: () => Node;
  run: () => void;
}

const PAUSE = 180;
const MOST_LOCAL = 8;
const MOST_FOUND = 12;
/** Milliseconds an app has to answer a search. */
const LONGEST_SEARCH = 2_000;

function go(path: string): void {
  location.assign(path);
}

/** Everything that can be done without asking the server. */
export function commands(): Entry[] {
  const known = data();
  const places = known.commands.map((command: Command) => ({
    label: command.label,
    hint: command.group,
    group: word('ui-palette-go'),
    icon: () => trusted(command.icon),
    run: () => go(command.path),
  }));
  const act = { group: word('ui-palette-commands'), hint: '' };
  const themes = ['system', 'light', 'dark'].map((theme) => ({
    ...act,
    label: word('ui-palette-theme', { name: word(`ui-theme-${theme}`) }),
    icon: () => glyph('palette'),
    run: () => void setTheme(theme),
  }));
  const languages = known.languages
    .filter(([code]) => code !== known.lang)
    .map(([code, name]) => ({
      ...act,
      label: word('ui-palette-language', { name }),
      icon: () => glyph('language'),
      run: () =>
        void postForm('/auth/preferences', { language: code, return_to: location.pathname }).then(() => location.reload()),
    }));
  // Pages add commands of their own: <a data-command="New person" href=".."> anywhere in the content.
  const own = [...document.querySelectorAll<HTMLAnchorElement>('a[data-command]')].map((link) => ({
    ...act,
    label: link.dataset['command'] || (link.textContent ?? '').trim(),
    icon: () => glyph('arrow'),
    run: () => link.click(),
  }));
  return [...own, ...places, ...themes, ...languages];
}

/** What the search answered, without what leads elsewhere. */
export function readResults(answer: unknown): Entry[] {
  const results = (answer as { results?: unknown } | undefined)?.results;
  if (!Array.isArray(results)) return [];
  return results.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { title, subtitle, path, app } = item as Record<string, unknown>;
    const to = localPath(path);
    if (typeof title !== 'string' || to === undefined) return [];
    const from = data().commands.find((command) => typeof app === 'string' && command.path.startsWith(`/app/${app}`));
    return [
      {
        label: title,
        hint: typeof subtitle === 'string' ? subtitle : '',
        group: from?.group || from?.label || word('ui-search'),
        icon: () => (from ? trusted(from.icon) : glyph('arrow')),
        run: () => go(to),
      },
    ];
  });
}

/**
 * What one app finds. The browser asks each app itself: it answers for this person, and a slow one delays no other.
 * An app that refuses this person is no failure.
 */
export async function search(source: string, query: string, signal: AbortSignal): Promise<{ entries: Entry[]; failed: boolean }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_SEARCH)]);
  try {
    const answer = await fetch(`${source}?q=${encodeURIComponent(query)}`, { headers: { accept: 'application/json' }, signal: limit });
    if (!answer.ok) return { entries: [], failed: answer.status >= 500 };
    return { entries: readResults(await answer.json()), failed: false };
  } catch {
    return { entries: [], failed: !signal.aborted };
  }
}

export class Palette {
  #dialog: HTMLDialogElement;
  #input: HTMLInputElement;
  #list: HTMLElement;
  #status: HTMLElement;
  #entries: Entry[] = [];
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  constructor() {
    const list = uid('palette');
    this.#input = el('input', {
      class: 'palette-input',
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-expanded': 'true',
      'aria-controls': list,
      'aria-autocomplete': 'list',
      'aria-label': word('ui-palette-placeholder'),
      placeholder: word('ui-palette-placeholder'),
    });
    this.#list = el('div', { class: 'palette-list', id: list, role: 'listbox', 'aria-label': word('ui-search') });
    this.#status = el('p', { class: 'visually-hidden', role: 'status' });
    this.#dialog = el(
      'dialog',
      { class: 'palette', 'aria-label': word('ui-search'), closedby: 'any' },
      el('div', { class: 'palette-head' }, glyph('search'), this.#input),
      this.#list,
      el('p', { class: 'palette-foot small muted' }, word('ui-palette-help')),
      this.#status,
    );
    document.body.append(this.#dialog);
    this.#input.addEventListener('input', () => this.#ask());
    this.#dialog.addEventListener('keydown', (event) => this.#key(event));
    this.#list.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
      if (option) this.#run(Number(option.dataset['index']));
    });
    this.#dialog.addEventListener('close', () => this.#asked?.abort());
  }

  open(): void {
    if (this.#dialog.open) return;
    this.#input.value = '';
    this.#dialog.showModal();
    this.#input.focus();
    this.#ask();
  }

  #ask(): void {
    const query = this.#input.value.trim();
    const local = rank(commands(), query, (entry) => `${entry.label} ${entry.hint}`).slice(0, query ? MOST_LOCAL : 30);
    clearTimeout(this.#timer);
    this.#asked?.abort();
    const sources = query.length < 2 ? [] : data().search;
    this.#show(local, query, sources.length > 0);
    if (sources.length > 0) this.#timer = setTimeout(() => void this.#search(query, local, sources), PAUSE);
  }

  async #search(query: string, local: Entry[], sources: string[]): Promise<void> {
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const found: Entry[] = [];
    let waiting = sources.length;
    let note = '';
    const ask = async (source: string) => {
      const answer = await search(source, query, signal);
      waiting -= 1;
      if (signal.aborted) return;
      found.push(...answer.entries);
      if (answer.failed) note = word('ui-palette-failed');
      this.#show([...local, ...found.slice(0, MOST_FOUND)], query, waiting > 0, waiting > 0 ? '' : note);
    };
    await Promise.all(sources.map(ask));
  }

  #show(entries: Entry[], query: string, waiting: boolean, note = ''): void {
    const kept = this.#entries[this.#at]?.label;
    // Groups stand together, in the order of their best entry.
    const groups = [...new Set(entries.map((entry) => entry.group))];
    this.#entries = groups.flatMap((group) => entries.filter((entry) => entry.group === group));
    this.#list.replaceChildren(...groups.map((group) => this.#group(group)));
    this.#list.toggleAttribute('data-waiting', waiting);
    if (this.#entries.length === 0 && !waiting) {
      this.#list.append(el('p', { class: 'palette-empty muted' }, word('ui-palette-empty', { query })));
    }
    if (note) this.#list.append(el('p', { class: 'palette-empty muted small' }, note));
    if (!waiting) this.#status.textContent = counted('ui-palette-results', this.#entries.length);
    const at = waiting ? 0 : this.#entries.findIndex((entry) => entry.label === kept);
    this.#move(Math.max(at, 0));
  }

  #group(group: string): HTMLElement {
    const heading = uid('palette-group');
    const node = el('div', { role: 'group', 'aria-labelledby': heading }, el('p', { class: 'palette-group', id: heading }, group));
    for (const [index, entry] of this.#entries.entries()) {
      if (entry.group !== group) continue;
      node.append(
        el(
          'div',
          { class: 'palette-option', role: 'option', id: `${this.#list.id}-${index}`, 'data-index': String(index), 'aria-selected': 'false' },
          entry.icon(),
          el('span', { class: 'truncate' }, entry.label),
          ...(entry.hint ? [el('span', { class: 'palette-option-hint muted small truncate' }, entry.hint)] : []),
        ),
      );
    }
    return node;
  }

  #move(index: number): void {
    this.#at = index;
    for (const option of this.#list.querySelectorAll('[role="option"]')) {
      const chosen = option.id === `${this.#list.id}-${index}`;
      option.setAttribute('aria-selected', String(chosen));
      if (chosen) option.scrollIntoView({ block: 'nearest' });
    }
    if (this.#entries.length > 0) this.#input.setAttribute('aria-activedescendant', `${this.#list.id}-${index}`);
    else this.#input.removeAttribute('aria-activedescendant');
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#run(this.#at);
      return;
    }
    if (event.key === 'Home' || event.key === 'End') return;
    const next = step(event.key, this.#at, this.#entries.length);
    if (next === undefined) return;
    event.preventDefault();
    this.#move(next);
  }

  #run(index: number): void {
    const entry = this.#entries[index];
    if (!entry) return;
    this.#dialog.close();
    entry.run();
  }
}

let palette: Palette | undefined;

/** Opens the one palette of the page. */
export function openPalette(): void {
  palette ??= new Palette();
  palette.open();
}

/** Forgets it, after the page was replaced. */
export function forgetPalette(): void {
  palette = undefined;
}
