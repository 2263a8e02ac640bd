// <ui-retry after="5">: a page whose app is away looks whether it is back, and reloads when it is.

import { counted } from '../lib/data';
import { el } from '../lib/dom';

/** Pauses grow, so that a crowd of open pages does not wait at the door. */
export function pause(first: number, attempt: number): number {
  return Math.min(first * 1.5 ** attempt, 60);
}

export class UiRetry extends HTMLElement {
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    const note = el('p', { class: 'small muted', 'aria-live': 'off' });
    this.closest('.fault')?.querySelector('.fault-actions')?.after(note);
    this.#wait(note);
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  get #first(): number {
    return Math.max(Number(this.getAttribute('after')) || 5, 2);
  }

  #wait(note: HTMLElement): void {
    let left = Math.round(pause(this.#first, this.#attempt));
    const tick = () => {
      if (left <= 0) {
        void this.#look(note);
        return;
      }
      note.textContent = counted('ui-retrying', left);
      left -= 1;
      this.#timer = setTimeout(tick, 1000);
    };
    tick();
  }

  async #look(note: HTMLElement): Promise<void> {
    this.#attempt += 1;
    // Only addresses that were read before are read again: a form must not be sent twice.
    const answer = await fetch(location.href, { method: 'HEAD', redirect: 'manual' }).catch(() => undefined);
    if (answer && answer.status !== 429 && answer.status < 500) location.replace(location.href);
    else this.#wait(note);
  }
}

customElements.define('ui-retry', UiRetry);
