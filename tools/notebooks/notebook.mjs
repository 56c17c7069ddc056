import process from 'node:process';

/** Characters that a notebook may hold: they are kept in the repository. */
const MOST_CHARACTERS = 400_000;

const textOf = (lines) => [lines ?? []].flat().join('');
const codeOf = ({ cells }) => cells.filter(({ cell_type: type }) => type === 'code');

/** The code of all cells as one module. */
export function cellsAsModule(notebook) {
  const code = codeOf(notebook).map(({ source }) => textOf(source));
  return `${code.join('\n').replaceAll("'./lib/", "'../lib/")}\n`;
}

/** What may not be in a saved notebook: places of this machine, errors, too much. */
export function faultsOf(text, places) {
  const home = process.env['HOME'];
  const named = [...places, ...(home && home !== '/' ? [`${home}/`] : [])].filter((place) =>
    text.includes(place),
  );
  return [
    ...named.map((place) => `Expected no place of this machine. Received: ${place}`),
    ...(text.length > MOST_CHARACTERS
      ? [`Expected at most ${MOST_CHARACTERS} characters. Received: ${text.length}`]
      : []),
  ];
}

/**
 * Where two runs of a notebook differ: in the kinds of output of every cell, and in the words of those that are not
 * tagged `varies`. Pictures are not compared.
 */
export function differences(before, after) {
  const [saved, fresh] = [codeOf(before), codeOf(after)];
  return saved.flatMap((cell, i) => {
    const varies = cell.metadata.tags?.includes('varies');
    const [expected, received] = [cell, fresh[i]].map(({ outputs }) => describe(outputs, varies));
    return expected === received
      ? []
      : [`${cell.id}: expected\n${expected}\nReceived:\n${received}\nSave it with --write.`];
  });
}

function describe(outputs, varies) {
  const words = (text) => (varies ? '' : text);
  const lines = outputs.map(({ output_type: type, name, text, data }) =>
    type === 'stream'
      ? { key: name, text: words(textOf(text)) }
      : {
          key: `${type} ${Object.keys(data ?? {}).sort()}`,
          text: words(textOf(data?.['text/plain'])),
        },
  );
  // A stream may come in pieces.
  const joined = lines.reduce((list, { key, text }) => {
    const last = list.at(-1);
    if (last?.key === key && (key === 'stdout' || key === 'stderr')) last.text += text;
    else list.push({ key, text });
    return list;
  }, []);
  return joined.map(({ key, text }) => `${key}: ${text}`).join('\n');
}
