// <ui-combobox>: text with suggestions, an editable combobox with list per the WAI-ARIA patterns.
//
// Without JavaScript the field keeps its datalist. `source` names an address that answers `?q=` with a JSON
// list of {value, label?, hint?}.

import { word } from '../lib/data';
import { el, localPath, uid } from '../lib/dom';
import { rank } from '../lib/fuzzy';
import { getJson } from '../lib/http';
import { Island } from '../lib/island';
import { step } from './menu';

export interface Suggestion {
  value: string;
  label?: string;
  hint?: string;
}

const SHOWN = 8;
const PAUSE = 150;

/** What a source sent, without what is not a suggestion. */
export function readSuggestions(answer: unknown): Suggestion[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { value, label, hint } = item as Record<string, unknown>;
    if (typeof value !== 'string') return [];
    return [
      {
        value,
        ...(typeof label === 'string' && label !== '' ? { label } : {}),
        ...(typeof hint === 'string' ? { hint } : {}),
      },
    ];
  });
}

export class UiCombobox extends Island {
  #input: HTMLInputElement | null = null;
  #list = el('ul', { class: 'combobox-list', role: 'listbox', hidden: true });
  #local: Suggestion[] = [];
  #shown: Suggestion[] = [];
  #at = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  protected override start(): void {
    const input = this.querySelector('input');
    if (!input) return;
    this.#input = input;
    this.#local = [...this.querySelectorAll('option')].map((option) => ({ value: option.value, label: option.label }));
    input.removeAttribute('list');
    this.querySelector('datalist')?.remove();
    this.#list.id = uid('combobox');
    this.append(this.#list);
    for (const [name, value] of Object.entries({
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': this.#list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener('input', () => this.#ask());
    input.addEventListener('click', () => this.#ask());
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('blur', () => this.#close());
    // Before blur, which would close the list under the pointer.
    this.#list.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
      if (option) this.#choose(Number(option.dataset['index']));
    });
  }

  #ask(): void {
    const query = this.#input?.value.trim() ?? '';
    const source = localPath(this.getAttribute('source'));
    clearTimeout(this.#timer);
    if (!source) {
      this.#show(rank(this.#local, query, (item) => item.label ?? item.value));
      return;
    }
    this.#timer = setTimeout(() => void this.#fetch(source, query), PAUSE);
  }

  async #fetch(source: string, query: string): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const address = new URL(source, location.origin);
    address.searchParams.set('q', query);
    const answer = await getJson<unknown>(address.pathname + address.search, signal);
    if (!signal.aborted && document.activeElement === this.#input) this.#show(readSuggestions(answer));
  }

  #show(items: Suggestion[]): void {
    this.#shown = items.slice(0, SHOWN);
    this.#at = -1;
    this.#list.replaceChildren(
      ...this.#shown.map((item, index) =>
        el(
          'li',
          { role: 'option', id: `${this.#list.id}-${index}`, 'data-index': String(index), 'aria-selected': 'false' },
          el('span', {}, item.label ?? item.value),
          ...(item.hint ? [el('span', { class: 'muted small' }, item.hint)] : []),
        ),
      ),
    );
    if (this.#shown.length === 0) {
      this.#list.append(el('li', { class: 'muted small', 'aria-disabled': 'true', role: 'option' }, word('ui-combobox-none')));
    }
    this.#list.hidden = false;
    this.#input?.setAttribute('aria-expanded', 'true');
    this.#input?.removeAttribute('aria-activedescendant');
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#list.hidden = true;
    this.#at = -1;
    this.#input?.setAttribute('aria-expanded', 'false');
    this.#input?.removeAttribute('aria-activedescendant');
  }

  #choose(index: number): void {
    const item = this.#shown[index];
    if (!item || !this.#input) return;
    this.#input.value = item.value;
    this.#close();
    this.#input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #move(index: number): void {
    this.#at = index;
    for (const [at, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(at === index));
      if (at === index) option.scrollIntoView({ block: 'nearest' });
    }
    this.#input?.setAttribute('aria-activedescendant', `${this.#list.id}-${index}`);
  }

  #key(event: KeyboardEvent): void {
    const open = !this.#list.hidden;
    if (event.key === 'Escape' && open) {
      event.preventDefault();
      this.#close();
    } else if (event.key === 'Enter' && open && this.#at >= 0) {
      event.preventDefault();
      this.#choose(this.#at);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) this.#ask();
      const next = step(event.key, this.#at, this.#shown.length);
      if (next !== undefined && !this.#list.hidden) this.#move(next);
    }
  }
}

customElements.define('ui-combobox', UiCombobox);
