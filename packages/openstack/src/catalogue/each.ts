/** The rows of codes that differ in nothing else. */
export const each = <const Code extends string, const Facts extends object>(codes: readonly Code[], facts: Facts) =>
  codes.map((code) => ({ code, ...facts }))
