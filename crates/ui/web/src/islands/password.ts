// <ui-password>: a password field with a button that shows what was typed.

import { word } from '../lib/data';
import { Island } from '../lib/island';

export class UiPassword extends Island {
  protected override start(): void {
    const input = this.querySelector('input');
    const button = this.querySelector<HTMLButtonElement>('[data-show]');
    if (!input || !button) return;
    button.hidden = false;
    const show = (visible: boolean) => {
      input.type = visible ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(visible));
      const label = word(visible ? 'ui-hide-password' : 'ui-show-password');
      button.setAttribute('aria-label', label);
      button.title = label;
    };
    button.addEventListener('click', () => show(input.type === 'password'));
    // Hidden again before it is sent, so that the browser offers to keep it.
    input.form?.addEventListener('submit', () => show(false));
  }
}

customElements.define('ui-password', UiPassword);
