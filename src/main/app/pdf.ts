import { BrowserWindow } from 'electron'

/** Below every page: the document's title, and which page of how many. Chromium fills in what the classes name. */
const footer = `<div style="display:flex;justify-content:space-between;width:100%;margin:0 16mm;color:#4c535b;
font:7pt 'Liberation Sans',Arial,sans-serif"><span class="title"></span><span><span class="pageNumber"></span> /
<span class="totalPages"></span></span></div>`

/** Prints HTML of our own making in a hidden window without scripts: A4, tagged, with an outline of its headings. */
export async function printPdf(html: string): Promise<Uint8Array> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, javascript: false, images: true },
  })
  try {
    await window.loadURL(`data:text/html;charset=utf-8;base64,${Buffer.from(html).toString('base64')}`)
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      preferCSSPageSize: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: footer,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    })
  } finally {
    window.destroy()
  }
}
