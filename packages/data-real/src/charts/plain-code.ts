/**
 * A code without what charts wrap round it: a name before it (`CT92`), a fraction after it that
 * came from a column of numbers (`92.00`), blanks; '' where it says that there is none (−9, blank).
 */
export function plainCode(code: string | undefined): string {
  const text = (code ?? '')
    .trim()
    .replace(/^[A-Z]{2}[ _:=]?(?=[-\d])/i, '')
    .replace(/^(\d+)\.0+$/, '$1');
  return /^(-9+|-0?9\.0*|null|none|nan|n\/a|-)$/i.test(text) ? '' : text;
}
