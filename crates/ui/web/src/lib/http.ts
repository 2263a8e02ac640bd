// Requests to our own host. Unsafe ones carry the anti-forgery token.

import { data } from './data';

/** A JSON answer, or undefined when the request failed in any way. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T | undefined> {
  try {
    const answer = await fetch(path, {
      headers: { accept: 'application/json' },
      ...(signal ? { signal } : {}),
    });
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Posts a form and does not follow where it leads; whether it was accepted. */
export async function postForm(path: string, fields: Record<string, string> | FormData): Promise<boolean> {
  const body =
    fields instanceof FormData
      ? new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]))
      : new URLSearchParams(fields);
  if (!body.has('csrf_token')) body.set('csrf_token', data().csrf);
  try {
    const answer = await fetch(path, {
      method: 'POST',
      body,
      redirect: 'manual',
      // Sent to its end even when the page is left right after.
      keepalive: true,
      headers: { 'x-csrf-token': body.get('csrf_token') ?? '' },
    });
    return answer.ok || answer.type === 'opaqueredirect';
  } catch {
    return false;
  }
}
