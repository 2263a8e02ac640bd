// <ui-live src="/..?seen=..">: a part of a page that replaces itself when the server has something new. The server
// holds the question open until then; the answer carries the next question in its own `src`.

import { fetchFragment } from './widget';

/** Longer than the server holds a question open. */
const PATIENCE = 40_000;
/** Milliseconds before asking again after a failure. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export class UiLive extends HTMLElement {
  #asking: AbortController | undefined;

  connectedCallback(): void {
    document.addEventListener('visibilitychange', this.#visible);
    this.#visible();
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#visible);
    this.#asking?.abort();
  }

  // A hidden page asks nothing; it is up to date again right after it is shown.
  #visible = (): void => {
    this.#asking?.abort();
    this.#asking = undefined;
    if (document.visibilityState === 'visible') {
      this.#asking = new AbortController();
      void this.#ask(this.#asking.signal);
    }
  };

  async #ask(stop: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!stop.aborted && this.isConnected) {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)]);
      const html = await fetchFragment(this.getAttribute('src') ?? '', signal);
      if (stop.aborted) return;
      if (html === undefined) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(pause * 2, LONGEST_PAUSE);
        continue;
      }
      pause = FIRST_PAUSE;
      this.#take(html);
    }
  }

  /** Takes over the next question always, and the content where it differs: focus is not lost for nothing. */
  #take(html: string): void {
    const template = document.createElement('template');
    template.innerHTML = html;
    const next = template.content.querySelector('ui-live');
    if (!next) return;
    this.setAttribute('src', next.getAttribute('src') ?? '');
    if (next.innerHTML !== this.innerHTML) this.replaceChildren(...next.childNodes);
  }
}

customElements.define('ui-live', UiLive);
