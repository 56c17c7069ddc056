import { messageOf, type Api } from './api.js';
import { classPicture } from './class-picture.js';
import { byId, make, tell } from './dom.js';
import { save } from './save.js';
import type { MapSummary } from './shapes.js';

const FIELDS = {
  classify: [['image', 'Image']],
  changes: [
    ['before', 'Before'],
    ['after', 'After'],
  ],
} as const;
const FILES = [
  ['cog', 'GeoTIFF (COG)', 'tif'],
  ['netcdf', 'NetCDF', 'nc'],
  ['geojson', 'GeoJSON', 'geojson'],
] as const;
const ACCEPT = 'image/png,image/jpeg,image/tiff,.tif,.tiff';

type Kind = keyof typeof FIELDS;

/** Class and change maps of images that are given. */
export function startImagePanel(api: Api): void {
  const form = byId('images', HTMLFormElement);
  const files = byId('files', HTMLDivElement);
  const result = byId('image-result', HTMLDivElement);
  const problem = byId('image-problem', HTMLParagraphElement);
  const submit = form.querySelector<HTMLButtonElement>('[type=submit]');
  const kindOf = (): Kind =>
    new FormData(form).get('kind') === 'changes' ? 'changes' : 'classify';

  const showFields = () => {
    files.replaceChildren(...FIELDS[kindOf()].map(([name, label]) => fileField(name, label)));
  };
  for (const radio of form.querySelectorAll('[name=kind]'))
    radio.addEventListener('change', showFields);
  showFields();

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const kind = kindOf();
    const body = new FormData(form);
    body.delete('kind');
    tell(problem, null);
    result.replaceChildren(make('p', { class: 'hint' }, 'The map is being made …'));
    if (submit) submit.disabled = true;
    api
      .post(kind, {}, body)
      .then(async (answer) => {
        const summary = (await answer.json()) as MapSummary; // says the schema
        result.replaceChildren(
          ...classPicture(summary, kind),
          downloads(api, kind, body, summary.crs !== null, (error) =>
            tell(problem, messageOf(error)),
          ),
        );
      })
      .catch((error: unknown) => {
        result.replaceChildren();
        tell(problem, messageOf(error));
      })
      .finally(() => {
        if (submit) submit.disabled = false;
      });
  });
}

/** A field for a file, which takes dropped files too. */
function fileField(name: string, label: string): HTMLElement {
  const input = make('input', { type: 'file', name, accept: ACCEPT, required: '' });
  const picture = make('img', { alt: '', hidden: '' });
  const field = make(
    'label',
    { class: 'file' },
    make('span', { class: 'caption' }, label),
    input,
    picture,
  );
  const preview = () => {
    URL.revokeObjectURL(picture.src);
    picture.hidden = true; // until it is there: browsers show no GeoTIFF
    const [file] = input.files ?? [];
    if (file) picture.src = URL.createObjectURL(file);
  };
  picture.addEventListener('load', () => (picture.hidden = false));
  input.addEventListener('change', preview);
  field.addEventListener('dragover', (event) => {
    event.preventDefault();
    field.classList.add('over');
  });
  field.addEventListener('dragleave', () => field.classList.remove('over'));
  field.addEventListener('drop', (event) => {
    event.preventDefault();
    field.classList.remove('over');
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    preview();
  });
  return field;
}

function downloads(
  api: Api,
  kind: Kind,
  body: FormData,
  onEarth: boolean,
  onFault: (error: unknown) => void,
): HTMLElement {
  const list = make('ul', { class: 'downloads', 'aria-label': 'Download the map' });
  for (const [format, label, ending] of FILES) {
    if (format === 'geojson' && !onEarth) continue; // has no place on earth
    const button = make('button', { type: 'button', class: 'link' }, label);
    button.addEventListener('click', () => {
      button.disabled = true;
      api
        .post(kind, { format }, body)
        .then(async (answer) => save(await answer.blob(), `${kind}.${ending}`))
        .catch(onFault)
        .finally(() => (button.disabled = false));
    });
    list.append(make('li', {}, button));
  }
  return list;
}
