import { randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { Strength } from '../../../preload/contract/accounts.ts'
import { ConcordError } from '../../domain/error.ts'
import { passwordCost } from '../../store/sealed/password.ts'

const argon2id = { algorithm: 2 }

export const hashPassword = (password: string, cost = passwordCost): Promise<string> =>
  hash(password, { ...argon2id, ...cost })
export const isPassword = (kept: string, password: string): Promise<boolean> => verify(kept, password)

/**
 * From this score on a password is taken. zxcvbn's 2: more than a million guesses, of which argon2id allows some thirty a
 * second and processor core to whoever stole the file, and the growing wait a few a day to whoever sits at the window.
 */
const enough = 2
const shortest = 10
/** What is looked at: time grows with the square of the length, and nobody guesses a hundred characters. */
const looked = 100

interface Judged {
  score: number
  feedback: { warning: string | null }
  sequence: { pattern: string }[]
}
type Check = (password: string, own: string[]) => Judged
let checker: Promise<Check> | undefined

/**
 * The estimate of Wheeler (2016, USENIX Security) with lists of common passwords, and of the words and names of both languages
 * of the program; loaded when first needed.
 */
async function load(): Promise<Check> {
  const [{ ZxcvbnFactory }, common, english, german] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
    import('@zxcvbn-ts/language-de'),
  ])
  const lists = Object.entries(german.dictionary).map(([name, words]) => [`${name}-de`, words] as const)
  const dictionary = { ...common.dictionary, ...english.dictionary, ...Object.fromEntries(lists) }
  const estimate = new ZxcvbnFactory({ graphs: common.adjacencyGraphs, dictionary })
  return (password, own) => estimate.check(password.slice(0, looked), own)
}

/** zxcvbn's warnings, as far as they tell people different things to do. */
const reasons: Record<string, NonNullable<Strength['why']>> = {
  ...{ straightRow: 'keys', keyPattern: 'keys', simpleRepeat: 'repeats', extendedRepeat: 'repeats' },
  ...{ sequences: 'sequence', recentYears: 'date', dates: 'date', wordByItself: 'word', userInputs: 'own' },
  ...{ topTen: 'common', topHundred: 'common', common: 'common', similarToCommon: 'common' },
  ...{ namesByThemselves: 'name', commonNames: 'name' },
}

function whyWeak({ feedback, sequence }: Judged): Strength['why'] {
  const told = reasons[feedback.warning ?? '']
  return told ?? (sequence.some(({ pattern }) => pattern === 'dictionary') ? 'word' : 'short')
}

/** @param own names of the person, which a guesser would try first */
export async function strengthOf(password: string, own: string[]): Promise<Strength> {
  checker ??= load()
  const words = ['concord', ...own.flatMap((name) => [name, ...name.split(/[\s._-]+/)])].filter(
    (word) => word.length > 2,
  )
  const judged = (await checker)(password, words)
  const taken = password.length >= shortest && judged.score >= enough
  return {
    score: judged.score as Strength['score'],
    enough: taken,
    why: judged.score >= enough ? null : whyWeak(judged),
  }
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
