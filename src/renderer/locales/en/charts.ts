export const charts = {
  showTable: 'Show the table behind it',
  showChart: 'Show the chart',
  copyCsv: 'Copy the table as CSV',
  savePng: 'Save the picture as PNG',
  copied: 'Copied',
  day: 'Day',
  votes: 'Votes',
  scans: 'Scans',
  share: 'Share of scans',
}
