/** Program arguments as people write them: words with quotes, as in a shell. Pure: no DOM. */

const UNQUOTED = /[^\s'"\\]/u;

/**
 * The arguments in a line: `a 'b c' "d\"e" f\ g` are four.
 *
 * Nothing is expanded: there is no shell, so `*` and `$HOME` are themselves.
 *
 * @param {string} line
 * @returns {string[]} Throws a SyntaxError with a sentence when a quote is not closed.
 */
export function parsedArguments(line) {
  /** @type {string[]} */
  const found = [];
  let word = "";
  let begun = false;
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (quote) {
      if (sign === quote) quote = "";
      else if (sign === "\\" && quote === '"' && /["\\]/.test(line.charAt(at + 1)))
        word += line.charAt(++at);
      else word += sign;
    } else if (/\s/u.test(sign)) {
      if (begun) found.push(word);
      [word, begun] = ["", false];
      continue;
    } else if (sign === "'" || sign === '"') quote = sign;
    else if (sign === "\\") word += line.charAt(++at) || unfinished("A \\ ends the line");
    else word += sign;
    begun = true;
  }
  if (quote) unfinished(`A ${quote} is not closed`);
  if (begun) found.push(word);
  return found;
}

/**
 * @param {string} what
 * @returns {never}
 */
function unfinished(what) {
  throw new SyntaxError(`${what}. Complete the arguments, or remove it.`);
}

/**
 * A line that {@link parsedArguments} reads as these arguments.
 *
 * @param {string[]} args
 */
export function writtenArguments(args) {
  return args.map(written).join(" ");
}

/** @param {string} argument */
function written(argument) {
  if (argument !== "" && [...argument].every((sign) => UNQUOTED.test(sign))) return argument;
  return `"${argument.replace(/["\\]/g, "\\$&")}"`;
}
