/** The position of the first character behind byte order marks and white space. */
export function skipBom(text: string): number {
  let start = 0
  while (text.charCodeAt(start) === 0xfeff) start++
  while (' \t\r\n'.includes(text.charAt(start) || '.')) start++
  return start
}
