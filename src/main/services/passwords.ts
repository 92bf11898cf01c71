import { randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { Strength } from '../../preload/contract/accounts.ts'
import { ConcordError } from '../domain/error.ts'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const argon2id = 2
const hashing = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, hashing)
export const isPassword = (kept: string, password: string): Promise<boolean> => verify(kept, password)

/**
 * From this score on a password is taken. zxcvbn's 2: more than a million guesses, of which argon2id allows some thirty a
 * second and processor core to whoever stole the file, and the growing wait a few a day to whoever sits at the window.
 */
const enough = 2
/** What is looked at: time grows with the square of the length, and nobody guesses a hundred characters. */
const looked = 100

type Check = (password: string, own: string[]) => { score: number; guessesLog10: number }
let checker: Promise<Check> | undefined

/** The estimate of Wheeler (2016, USENIX Security) with lists of common passwords and words; loaded when first needed. */
async function load(): Promise<Check> {
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const estimate = new ZxcvbnFactory({ graphs: common.adjacencyGraphs, dictionary: common.dictionary })
  return (password, own) => estimate.check(password.slice(0, looked), own)
}

/** @param own names of the person, which a guesser would try first */
export async function strengthOf(password: string, own: string[]): Promise<Strength> {
  checker ??= load()
  const words = ['concord', ...own.flatMap((name) => [name, ...name.split(/[\s._-]+/)])].filter(
    (word) => word.length > 2,
  )
  const { score } = (await checker)(password, words)
  return { score: score as Strength['score'], enough: password.length >= 10 && score >= enough }
}

/** Error: `password-weak`. */
export async function requireStrength(password: string, own: string[], field: string): Promise<void> {
  if (!(await strengthOf(password, own)).enough)
    throw new ConcordError(
      'password-weak',
      'This password is guessed too easily. Take several words that do not belong together, or a longer one.',
      field,
    )
}

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A password to be told in person and used once: sixteen characters without look-alikes, 79 bits. */
export function temporaryPassword(): string {
  const group = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}
