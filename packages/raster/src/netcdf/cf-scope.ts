import { pathOf, textAttribute, type FileVariable } from './file-variable.js';

/** Finds variables by the names that attributes give, as netCDF looks them up. */
export class CfScope {
  readonly variables: readonly FileVariable[];
  readonly #byPath: ReadonlyMap<string, FileVariable>;
  readonly #byDimension = new Map<string, FileVariable[]>();

  constructor(variables: readonly FileVariable[]) {
    this.variables = variables;
    this.#byPath = new Map(variables.map((variable) => [pathOf(variable), variable]));
    for (const variable of variables) {
      const [only, ...more] = variable.dims;
      if (!only || more.length > 0 || !variable.type) continue;
      const along = this.#byDimension.get(only.id);
      if (along) along.push(variable);
      else this.#byDimension.set(only.id, [variable]);
    }
  }

  /** A variable by name: in the group itself, else in the nearest one above; `/a/b` from the root. */
  find(group: readonly string[], name: string): FileVariable | null {
    if (name.startsWith('/')) return this.#byPath.get(name.slice(1)) ?? null;
    for (let depth = group.length; depth >= 0; depth--) {
      const found = this.#byPath.get([...group.slice(0, depth), name].join('/'));
      if (found) return found;
    }
    return null;
  }

  /** The variables that the `coordinates` of a variable lists. */
  coordinatesOf(variable: FileVariable): readonly FileVariable[] {
    const names = textAttribute(variable.attributes, 'coordinates')?.split(/\s+/) ?? [];
    return names.flatMap((name) => this.find(variable.group, name) ?? []);
  }

  /** Number variables that have one dimension alone, in file order. */
  along(dimension: string): readonly FileVariable[] {
    return this.#byDimension.get(dimension) ?? [];
  }
}
