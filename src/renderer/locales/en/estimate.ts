/** How Dawid and Skene's estimate behind a label set ended. */
export const estimate = {
  notConverged:
    'Dawid and Skene’s estimate had not converged when its bounded work ended, after one iteration: other labels may be as likely. Compare it with the majority before a network learns from it. | Dawid and Skene’s estimate had not converged when its bounded work ended, after {n} iterations: other labels may be as likely. Compare it with the majority before a network learns from it.',
  inCard: 'Dawid and Skene’s estimate had not converged: other labels may have been as likely',
}
