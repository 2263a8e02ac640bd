// <ui-passkey data-mode="get | create" data-challenge="/address" data-autofill>: a form that is answered by an
// authenticator. Asks for a challenge, lets the browser answer it and sends the answer with the form. Stays hidden where
// the browser knows no passkeys. <ui-passkey-able>: ticks its field where the device could keep a passkey of its own.

import { Island } from '../lib/island';

/** Bytes as WebAuthn writes them in JSON: base64url without padding (RFC 4648, section 5). */
export function encoded(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

export function decoded(text: string): ArrayBuffer {
  const bytes = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0)).buffer;
}

interface Named {
  id: string;
  type: PublicKeyCredentialType;
}

type Options = Record<string, unknown> & {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  allowCredentials?: Named[];
  excludeCredentials?: Named[];
};

const ids = (list: Named[] = []) => list.map((one) => ({ ...one, id: decoded(one.id) }));

/** The server's options with bytes where the browser wants bytes. */
export function request(options: Options): PublicKeyCredentialRequestOptions {
  return { ...options, challenge: decoded(options.challenge), allowCredentials: ids(options.allowCredentials) };
}

export function creation(options: Options): PublicKeyCredentialCreationOptions {
  const user = options.user && { ...options.user, id: decoded(options.user.id) };
  return {
    ...options,
    challenge: decoded(options.challenge),
    excludeCredentials: ids(options.excludeCredentials),
    user,
  } as PublicKeyCredentialCreationOptions;
}

/** What the authenticator answered, for the server. */
export function answer(credential: PublicKeyCredential): string {
  const response = credential.response;
  const parts: Record<string, string | string[] | undefined> = { clientDataJSON: encoded(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    parts['attestationObject'] = encoded(response.attestationObject);
    parts['authenticatorData'] = encoded(response.getAuthenticatorData());
  } else if (response instanceof AuthenticatorAssertionResponse) {
    parts['authenticatorData'] = encoded(response.authenticatorData);
    parts['signature'] = encoded(response.signature);
    if (response.userHandle) parts['userHandle'] = encoded(response.userHandle);
  }
  return JSON.stringify({ id: credential.id, rawId: encoded(credential.rawId), type: credential.type, response: parts });
}

/** A challenge is good for five minutes: a page that waits with one in its fields asks for another before that. */
const RENEW = 4 * 60 * 1000;

/** One at a time in a page: a button takes over from the field that waits. */
let waiting: AbortController | undefined;

export class UiPasskey extends Island {
  protected override start(): void {
    const form = this.querySelector('form');
    if (!form || typeof PublicKeyCredential === 'undefined') return;
    this.hidden = false;
    // Browsers bring fields back with a page: an answer counts once.
    forget(form);
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) forget(form);
    });
    for (const without of document.querySelectorAll<HTMLElement>('[data-without-passkeys]')) without.hidden = true;
    form.addEventListener('submit', (event) => {
      if (field(form, 'credential').value) return;
      event.preventDefault();
      void this.ask(form);
    });
    if ('autofill' in this.dataset) void this.wait(form);
  }

  /** Offers passkeys in the field for the name, as long as the page is there. */
  private async wait(form: HTMLFormElement): Promise<void> {
    const can = await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false);
    while (can && this.isConnected) {
      const mine = (waiting = new AbortController());
      const renewal = setTimeout(() => mine.abort('renew'), RENEW);
      try {
        await this.answered(form, { mediation: 'conditional', signal: mine.signal });
        return;
      } catch {
        if (mine.signal.reason !== 'renew') return;
      } finally {
        clearTimeout(renewal);
      }
    }
  }

  private async ask(form: HTMLFormElement): Promise<void> {
    waiting?.abort('button');
    const button = form.querySelector('button');
    const failed = this.querySelector<HTMLElement>('[data-failed]');
    if (failed) failed.hidden = true;
    button?.setAttribute('aria-busy', 'true');
    try {
      await this.answered(form, {});
    } catch {
      // Given up by the person, refused by the device, or the server has no time: the page says so and stays.
      if (failed) failed.hidden = false;
      if ('autofill' in this.dataset) void this.wait(form);
    } finally {
      button?.removeAttribute('aria-busy');
    }
  }

  private async answered(form: HTMLFormElement, how: { mediation?: CredentialMediationRequirement; signal?: AbortSignal }): Promise<void> {
    const asked = await fetch(this.dataset['challenge'] ?? '', {
      method: 'POST',
      body: new URLSearchParams({ csrf_token: field(form, 'csrf_token').value }),
    });
    if (asked.redirected) {
      // It has to be confirmed first who this is: the page itself leads there.
      location.reload();
      return;
    }
    if (!asked.ok) throw new Error(`${asked.status}`);
    const { challenge, options } = (await asked.json()) as { challenge: string; options: Options };
    const credential =
      this.dataset['mode'] === 'create'
        ? await navigator.credentials.create({ publicKey: creation(options), ...how })
        : await navigator.credentials.get({ publicKey: request(options), ...how });
    if (!(credential instanceof PublicKeyCredential)) throw new Error('no answer');
    // What was ticked beside the name counts for this way too.
    const remember = document.querySelector<HTMLInputElement>('input[type=checkbox][name=remember]');
    const carried = form.elements.namedItem('remember');
    if (remember && carried instanceof HTMLInputElement) carried.value = remember.checked ? 'on' : 'off';
    field(form, 'challenge').value = challenge;
    field(form, 'credential').value = answer(credential);
    form.requestSubmit();
  }
}

export class UiPasskeyAble extends Island {
  protected override start(): void {
    const input = this.querySelector('input');
    if (!input || typeof PublicKeyCredential === 'undefined') return;
    void PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then((able) => {
      if (able) input.value = 'on';
    });
  }
}

function forget(form: HTMLFormElement): void {
  field(form, 'challenge').value = '';
  field(form, 'credential').value = '';
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.elements.namedItem(name);
  if (found instanceof HTMLInputElement) return found;
  throw new Error(`no field ${name}`);
}

customElements.define('ui-passkey', UiPasskey);
customElements.define('ui-passkey-able', UiPasskeyAble);
