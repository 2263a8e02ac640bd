// <ui-resend data-form="id">: sends the form in it at once, a single time. Whoever comes back to the page finds its button.

import { Island } from '../lib/island';

/** Notes that a form was sent; says whether this is the first time. Where nothing can be noted, nothing is sent. */
function first(id: string): boolean {
  const key = `resent:${id}`;
  try {
    if (sessionStorage.getItem(key)) return false;
    sessionStorage.setItem(key, '1');
    return true;
  } catch {
    return false;
  }
}

export class UiResend extends Island {
  protected override start(): void {
    const form = this.querySelector('form');
    if (form && first(this.dataset['form'] ?? '')) form.requestSubmit();
  }
}

customElements.define('ui-resend', UiResend);
