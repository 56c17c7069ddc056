import { geographicKind } from './cf-axes.js';
import { pathOf, textAttribute, type FileVariable } from './file-variable.js';

/** Attributes that only a grid mapping has. */
const MAPPING_SIGNS = ['grid_mapping_name', 'crs_wkt', 'spatial_ref'];

/** Whether a variable is there for the attributes of a map projection alone. */
export function isMapping({ attributes, dims }: FileVariable): boolean {
  return dims.length <= 1 && MAPPING_SIGNS.some((name) => attributes.has(name));
}

/** Finds variables by the names that attributes give, as netCDF looks them up. */
export class CfScope {
  /** Grid mappings of the whole file. */
  readonly mappings: readonly FileVariable[];
  /** Latitudes and longitudes over two dimensions. */
  readonly positions: readonly FileVariable[];
  readonly #byPath: ReadonlyMap<string, FileVariable>;
  readonly #byDimension = new Map<string, FileVariable[]>();

  constructor(variables: readonly FileVariable[]) {
    this.mappings = variables.filter(isMapping);
    this.positions = variables.filter(
      (variable) =>
        variable.type !== null && variable.dims.length === 2 && geographicKind(variable) !== null,
    );
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
