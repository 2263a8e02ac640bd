// <ui-print>: prints the page. Its button is hidden without this module; the browser's own menu still prints.

import { Island } from '../lib/island';

export class UiPrint extends Island {
  protected override start(): void {
    const button = this.querySelector('button');
    if (!button) return;
    button.hidden = false;
    button.addEventListener('click', () => print());
  }
}

customElements.define('ui-print', UiPrint);
