/** The header that carries a token of the identity service. */
export const tokenHeader = 'x-auth-token'
