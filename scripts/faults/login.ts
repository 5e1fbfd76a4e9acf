/** The user of all clients. */
export const login = { username: 'root', password: 'pa55/word+is=this' }

/** Every token that a server gives. */
export const token = 'tok/en+of=this'

/** The words that no client may tell. */
export const secrets = [login.password, token]
