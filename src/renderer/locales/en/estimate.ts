/** How Dawid and Skene's estimate behind a label set ended. */
export const estimate = {
  /** What freezing a label set is at. */
  stages: {
    votes: 'reading the votes',
    estimate: 'estimating, iteration {n}',
    labels: 'writing the labels',
  },
  stopped: 'Cancelled: nothing was frozen.',
  notConverged:
    'Dawid and Skene’s estimate had not converged when its bounded work ended, after one iteration: other labels may be as likely. Compare it with the majority before a network learns from it. | Dawid and Skene’s estimate had not converged when its bounded work ended, after {n} iterations: other labels may be as likely. Compare it with the majority before a network learns from it.',
  inCard: 'Dawid and Skene’s estimate had not converged: other labels may have been as likely',
}
