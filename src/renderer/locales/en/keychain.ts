/** The system's keychain while it is locked. */
export const keychain = {
  asking:
    'The system’s keychain is locked and asks for its password in a window of its own. Answer it there; Concord goes on meanwhile. What is kept in it can be used once it is open.',
  kept: 'Kept in the system’s keychain once it is open.',
}
