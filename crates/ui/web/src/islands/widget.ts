// <ui-widget src="/app/x/widgets/y">: a part of the home page that an app fills. Each is fetched on its own and has
// half a second: an app that does not answer leaves a note and a button, and delays nobody.

/** Milliseconds an app has. */
export const PATIENCE = 500;

export class UiWidget extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('[data-retry]')?.addEventListener('click', () => void this.#load());
    void this.#load();
  }

  async #load(): Promise<void> {
    this.#show('loading');
    const html = await fetchFragment(this.getAttribute('src') ?? '', AbortSignal.timeout(PATIENCE));
    if (html === undefined) {
      this.#show('failed');
      return;
    }
    this.innerHTML = html;
  }

  #show(state: 'loading' | 'failed'): void {
    for (const name of ['loading', 'failed'] as const) {
      const part = this.querySelector<HTMLElement>(`[data-${name}]`);
      if (part) part.hidden = name !== state;
    }
  }
}

/** HTML from one of our own apps, or undefined when it did not come. */
export async function fetchFragment(path: string, signal: AbortSignal): Promise<string | undefined> {
  if (!path.startsWith('/') || path.startsWith('//')) return undefined;
  try {
    const answer = await fetch(path, { signal, redirect: 'error', headers: { accept: 'text/html' } });
    const isHtml = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
    return answer.ok && isHtml ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

customElements.define('ui-widget', UiWidget);
