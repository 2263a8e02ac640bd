// What all forms share: a second submit of the same form is swallowed, the first wrong field gets the focus,
// toolbars of tables submit themselves.

/** Marks the form as on its way; false when it already was. */
export function claim(form: HTMLFormElement): boolean {
  if (form.hasAttribute('data-sent')) return false;
  form.setAttribute('data-sent', '');
  return true;
}

function release(): void {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    form.removeAttribute('data-sent');
    for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute('aria-busy');
  }
}

function submitted(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== 'post') return;
  if (!claim(form)) {
    event.preventDefault();
    return;
  }
  // After the browser has read the form: a disabled button would not be sent.
  setTimeout(() => event.submitter?.setAttribute('aria-busy', 'true'));
}

function changed(event: Event): void {
  const field = event.target;
  if (!(field instanceof HTMLSelectElement)) return;
  field.closest<HTMLFormElement>('form[data-autosubmit]')?.requestSubmit();
}

/** Empty fields only make addresses long. */
function tidy(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-autosubmit')) return;
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input[name], select[name]')) {
    if (field.value === '') field.disabled = true;
  }
}

export function startForms(): void {
  document.addEventListener('submit', tidy);
  // Last of all, so that an island that sends a form itself has said so.
  window.addEventListener('submit', (event) => submitted(event as SubmitEvent));
  document.addEventListener('change', changed);
  // A page from the back/forward cache comes with its forms as they were left.
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    release();
    for (const field of document.querySelectorAll<HTMLInputElement>('[data-autosubmit] :disabled')) field.disabled = false;
  });
  document.addEventListener('htmx:after:request', release);
  document.querySelector<HTMLElement>('[aria-invalid="true"]:not([disabled])')?.focus();
}
