/** A set-up that cannot go on; the message is one sentence that says what to do. Ends the command with exit code 2. */
export class SetupError extends Error {}

const unreachable =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR|aborted due to/

/** The network reason in what a program printed ("ENOTFOUND"), or undefined if the failure was another. */
export function networkReason(text) {
  return unreachable.exec(text)?.[0]
}
