// <ui-menu>: a button with a popover menu. The popover opens without JavaScript; this adds the keys and roles of
// the WAI-ARIA menu button and, where the browser has no anchor positioning, the place.

import { uid } from '../lib/dom';
import { Island } from '../lib/island';

export class UiMenu extends Island {
  #typed = '';
  #typedAt = 0;

  protected override start(): void {
    const menu = this.#menu;
    const button = this.#button;
    if (!menu || !button) return;
    if (!button.id) button.id = uid('menu-button');
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    menu.setAttribute('role', 'menu');
    menu.setAttribute('aria-labelledby', button.id);
    for (const item of this.#items) {
      item.setAttribute('role', 'menuitem');
      item.tabIndex = -1;
    }
    for (const form of menu.querySelectorAll('form')) form.setAttribute('role', 'none');
    menu.addEventListener('toggle', (event) => this.#toggled((event as ToggleEvent).newState === 'open'));
    this.addEventListener('keydown', (event) => this.#key(event));
    menu.addEventListener('click', (event) => {
      const item = event.target instanceof Element ? event.target.closest('.menu-item') : null;
      // A link leaves the page anyway; a button that opens a dialog must not keep the menu above it.
      if (item) menu.hidePopover();
    });
  }

  get #button(): HTMLButtonElement | null {
    return this.querySelector('button[popovertarget]');
  }

  get #menu(): HTMLElement | null {
    return this.querySelector('[popover]');
  }

  get #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('.menu-item')].filter((item) => !item.hasAttribute('disabled'));
  }

  #toggled(open: boolean): void {
    this.#button?.setAttribute('aria-expanded', String(open));
    if (!open) return;
    if (!CSS.supports('position-area: bottom')) this.#place();
    this.#items[0]?.focus({ preventScroll: true });
  }

  #place(): void {
    const menu = this.#menu;
    const anchor = this.#button?.getBoundingClientRect();
    if (!menu || !anchor) return;
    const size = menu.getBoundingClientRect();
    const left = Math.min(Math.max(8, anchor.right - size.width), innerWidth - size.width - 8);
    const below = anchor.bottom + 4;
    const top = below + size.height > innerHeight - 8 ? Math.max(8, anchor.top - size.height - 4) : below;
    Object.assign(menu.style, { position: 'fixed', margin: '0', inset: 'auto', left: `${left}px`, top: `${top}px` });
  }

  #key(event: KeyboardEvent): void {
    const menu = this.#menu;
    if (!menu) return;
    const open = menu.matches(':popover-open');
    if (!open) {
      if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.target === this.#button) {
        event.preventDefault();
        menu.showPopover();
        if (event.key === 'ArrowUp') this.#items.at(-1)?.focus();
      }
      return;
    }
    const items = this.#items;
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = step(event.key, at, items.length) ?? this.#byLetter(event, items, at);
    if (next !== undefined) {
      event.preventDefault();
      items[next]?.focus();
    } else if (event.key === 'Tab') {
      menu.hidePopover();
    }
  }

  /** Letters typed quickly one after the other spell the beginning of an item. */
  #byLetter(event: KeyboardEvent, items: HTMLElement[], at: number): number | undefined {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.key === ' ') return undefined;
    const now = Date.now();
    this.#typed = now - this.#typedAt < 600 ? this.#typed + event.key : event.key;
    this.#typedAt = now;
    const from = this.#typed.length === 1 ? at + 1 : at;
    for (let offset = 0; offset < items.length; offset += 1) {
      const index = (Math.max(from, 0) + offset) % items.length;
      if (items[index]?.textContent?.trim().toLowerCase().startsWith(this.#typed.toLowerCase())) return index;
    }
    return undefined;
  }
}

/** Where an arrow key leads in a list that wraps. */
export function step(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return at <= 0 ? count - 1 : at - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

customElements.define('ui-menu', UiMenu);
