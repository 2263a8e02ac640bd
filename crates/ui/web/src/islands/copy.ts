// <ui-copy>: copies the text of the block it stands in, or of the element its `for` names.

import { glyph } from '../lib/dom';
import { word } from '../lib/data';
import { Island } from '../lib/island';
import { toast } from './toast';

export class UiCopy extends Island {
  protected override start(): void {
    const button = this.querySelector('button');
    if (!button) return;
    button.hidden = false;
    button.addEventListener('click', () => void this.#copy(button));
  }

  get #text(): string {
    const source = document.getElementById(this.getAttribute('for') ?? '') ?? this.parentElement?.querySelector('code');
    return source instanceof HTMLInputElement ? source.value : (source?.textContent ?? '');
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#text);
    } catch {
      toast({ tone: 'danger', text: word('ui-copy-failed') });
      return;
    }
    const before = [...button.childNodes];
    const label = button.getAttribute('aria-label') ?? '';
    button.replaceChildren(glyph('check'));
    button.setAttribute('aria-label', word('ui-copied'));
    setTimeout(() => {
      button.replaceChildren(...before);
      button.setAttribute('aria-label', label);
    }, 2000);
  }
}

customElements.define('ui-copy', UiCopy);
