// <ui-bulk> within a table's frame: selecting rows, with shift for a range, and the bar of what can be done with them.

import { counted } from '../lib/data';
import { Island } from '../lib/island';

/** The rows between two positions, both included, in either direction. */
export function range(from: number, to: number): [number, number] {
  return from <= to ? [from, to] : [to, from];
}

export class UiBulk extends Island {
  #last = -1;

  protected override start(): void {
    const frame = this.closest<HTMLElement>('.table-frame');
    if (!frame) return;
    const all = frame.querySelector<HTMLInputElement>('[data-all]');
    if (all) {
      all.hidden = false;
      all.addEventListener('change', () => {
        for (const box of this.#boxes(frame)) box.checked = all.checked;
        this.#update(frame);
      });
    }
    frame.addEventListener('click', (event) => {
      const box = event.target;
      if (!(box instanceof HTMLInputElement) || !box.hasAttribute('data-row')) return;
      this.#clicked(frame, box, event.shiftKey);
    });
    // A page from the cache may come with boxes ticked.
    addEventListener('pageshow', () => this.#update(frame));
    this.#update(frame);
  }

  #boxes(frame: HTMLElement): HTMLInputElement[] {
    return [...frame.querySelectorAll<HTMLInputElement>('[data-row]')];
  }

  #clicked(frame: HTMLElement, box: HTMLInputElement, extend: boolean): void {
    const boxes = this.#boxes(frame);
    const at = boxes.indexOf(box);
    if (extend && this.#last >= 0) {
      const [from, to] = range(this.#last, at);
      for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
    }
    this.#last = at;
    this.#update(frame);
  }

  #update(frame: HTMLElement): void {
    const boxes = this.#boxes(frame);
    const count = boxes.filter((box) => box.checked).length;
    const all = frame.querySelector<HTMLInputElement>('[data-all]');
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    for (const box of boxes) box.closest('tr')?.toggleAttribute('data-selected', box.checked);
    this.toggleAttribute('data-active', count > 0);
    const text = this.querySelector('[data-count]');
    if (text) text.textContent = count > 0 ? counted('ui-selected', count) : '';
  }
}

customElements.define('ui-bulk', UiBulk);
