/** What the page shows, and who wants to know when it changes. */
export interface Store<T extends object> {
  readonly now: Readonly<T>;
  set(change: Partial<T>): void;
  /** Calls back after a change of any of the fields. */
  on(fields: readonly (keyof T)[], then: (now: Readonly<T>) => void): void;
}

export function createStore<T extends object>(first: T): Store<T> {
  let now = first;
  const listeners: { fields: readonly (keyof T)[]; then: (now: Readonly<T>) => void }[] = [];
  return {
    get now() {
      return now;
    },
    set(change) {
      const before = now;
      now = { ...now, ...change };
      for (const { fields, then } of listeners)
        if (fields.some((field) => before[field] !== now[field])) then(now);
    },
    on(fields, then) {
      listeners.push({ fields, then });
    },
  };
}
