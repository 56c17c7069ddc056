/** One sentence, with expectation and value, from what commander says about a wrong command line. */
export function usageSentence(text: string): string {
  const flat = text
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  const unknown = /^unknown (option|command) '(.*?)'(.*)$/.exec(flat);
  if (unknown) {
    const [, kind, value, hint = ''] = unknown;
    return `Expected a known ${kind}; --help lists them. Received: ${value}${hint}`;
  }
  const invalid = /^option '(.*?)' argument '(.*?)' is invalid\. (.*?)\.?$/.exec(flat);
  if (invalid) {
    const [, option = '', value, why = ''] = invalid;
    const expectation = why
      .replace(/^Expected/, 'expected')
      .replace(/^Allowed choices are/, 'expected one of');
    return `${option.replace(/ <.*/, '')}: ${expectation}. Received: ${value}`;
  }
  return flat;
}
