import type { Api } from './api.js';
import { byId } from './dom.js';

const STORED = 'arctic-api-key';

/** The key that was given in this tab. */
export function storedKey(): string | null {
  return sessionStorage.getItem(STORED);
}

/** Asks for an API key. @returns opens the dialog */
export function startKeyDialog(api: Api, onKey: () => void): () => void {
  const dialog = byId('key-dialog', HTMLDialogElement);
  const input = byId('key', HTMLInputElement);
  const open = () => {
    if (!dialog.open) dialog.showModal();
  };
  byId('key-button', HTMLButtonElement).addEventListener('click', open);
  byId('key-cancel', HTMLButtonElement).addEventListener('click', () => dialog.close('cancel'));
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'use') return;
    const key = input.value.trim();
    input.value = '';
    api.key = key === '' ? null : key;
    if (key === '') sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, key);
    onKey();
  });
  return open;
}
