/** Was an der Stelle der Worte über die Neuaufnahme steht, wo eine Studie nach einem Befund fragt; Schlüssel wie in den anderen Dateien. */
export const condition = (positive: string, negative: string) => ({
  agreement: {
    cut: {
      title: 'Klassen je Paar',
      note: `Positiv: von den Scans, die jemand ${positive} nennt, die, bei denen es beide tun. Negativ: dasselbe für ${negative}. p: McNemar, dass eine Person mehr ${positive} nennt.`,
    },
    repeats: { flips: 'Andere Klasse' },
    labels: {
      note: 'Labels, wie sie jetzt eingefroren würden, entschiedene Scans inbegriffen. In keinem Scan gehen gerundetes Mittel und Mehrheit der Klassen auseinander. | Labels, wie sie jetzt eingefroren würden, entschiedene Scans inbegriffen. In einem Scan gehen gerundetes Mittel und Mehrheit der Klassen auseinander. | Labels, wie sie jetzt eingefroren würden, entschiedene Scans inbegriffen. In {n} Scans gehen gerundetes Mittel und Mehrheit der Klassen auseinander.',
    },
    reasons: {
      noCut: 'Das lässt sich nicht berechnen: Die Skala hat nur Grade einer Klasse.',
      neverDiffer: 'Nichts zu testen: In der Klasse sind beide nie verschieden.',
    },
    help: {
      topics: {
        rescan: {
          title: 'Uneinigkeit über die Klasse',
          text: `Von den Scans mit zwei oder mehr Voten der Anteil, den die einen ${positive} nennen und die anderen ${negative}. Darunter steht derselbe Anteil unter den Scans, deren gerundeter mittlerer Grad einer der beiden neben der Grenze ist: Dort ist der Entscheid knapp.`,
        },
        weights: {
          limits:
            'Quadratische Gewichte sehen über viele kleine Unterschiede hinweg und geben hohe Werte; bei zwei Klassen sind alle Gewichte gleich. Nennen Sie in einer Arbeit die Gewichte.',
        },
        prevalence: {
          limits:
            'Sehen Sie daneben die prozentuale Einigkeit, Gwets AC1 und den Prävalenzindex der Klassen an. Vergleichen Sie nicht Kappas von Studien, deren Klassen anders verteilt sind.',
        },
        cut: {
          title: 'Klassen zu zweit',
          text: `Positive Einigkeit: von allen Malen, da jemand einen Scan ${positive} nennt, der Anteil, bei dem es auch die andere Person tut. Negative Einigkeit: dasselbe für ${negative}. Prävalenzindex: wie ungleich die Klassen sind; Biasindex: wie viel öfter die erste Person ${positive} sagt. PABAK: Kappa, wären beide 0.`,
          limits: `Bei wenigen ${positive} steht die positive Einigkeit auf wenigen Scans. PABAK ist zweimal die beobachtete Einigkeit minus eins und sagt nicht mehr als diese.`,
        },
        repeats: {
          text: 'Scans, die dieselbe Person unangekündigt zweimal sah: wie oft der Grad derselbe war, Kappa mit quadratischen Gewichten zwischen erstem und zweitem Grad, und wie oft die Klasse wechselte. Niemand stimmt mit anderen besser überein als mit sich selbst.',
        },
      },
    },
  },
  common: { rescan: positive, rescanCut: 'Grenze der Klassen', keep: negative },
  comparison: {
    sameSide: 'Gleiche Klasse',
    matrixNote:
      'Jedes Feld: Anzahl Scans. Auf der Diagonale stimmen Sie mit dem Konsens überein; die Linien trennen die zwei Klassen.',
    cut: 'Klasse',
  },
  evaluation: {
    targets: { cut: `${positive} gegen ${negative}` },
    calibration: { curves: { cut: positive } },
    runs: { rescan: 'Klasse richtig' },
  },
  lead: {
    overview: {
      rescanTitle: 'Uneinigkeit über die Klasse',
      noCut: 'Die Skala dieser Studie hat nur Grade einer Klasse.',
      rescanSentence: `Bei {count} von {n} Scans sagen die einen ${positive}, die anderen ${negative}.`,
      rescanNone: 'Alle ordnen jeden der {n} Scans derselben Klasse zu.',
      siteTitle: 'Uneinigkeit über die Klasse nach Stelle',
      siteNone: 'An keiner Stelle uneinig über die Klasse',
      siteFinding: 'Am uneinigsten über die Klasse: {name}, {rate}',
      siteNote: 'Anteil der Scans, deren Voten in beide Klassen fallen. Die Linie ist das 95-%-Intervall.',
      pairTitle: 'Uneinigkeit über die Klasse nach Paar',
      pairNone: 'Kein Paar ist über die Klasse uneins',
      pairFinding: 'Größte Uneinigkeit eines Paars über die Klasse: {name}, {rate}',
      pairNote: `Von den Scans, die beide bewertet haben: die eine Person ${positive} nennt und die andere ${negative}. Die Linie ist das 95-%-Intervall.`,
      monthTitle: 'Uneinigkeit über die Klasse nach Monat',
      monthNone: 'In keinem Monat Uneinigkeit über die Klasse',
      monthFinding: 'Größte Uneinigkeit eines Monats über die Klasse: {name}, {rate}',
      confusionNote:
        'Jedes Feld: Anzahl Scans. Auf der Diagonale sind beide einig; die Linien trennen die zwei Klassen.',
    },
    disagreement: {
      across: '{n} in beiden Klassen',
      cutOnly: 'Nur in beiden Klassen',
      acrossCut: 'in beiden Klassen',
      columns: { dispute: 'Klasse' },
    },
    labels: {
      conflicts:
        'Noch nicht entschiedene Scans: bei {conflicts} sind die Regeln über die Klasse uneins, {noMajority} ohne Mehrheit. Entscheiden Sie sie zuerst, oder nehmen Sie die Regel hin.',
    },
    report: {
      parts: { rescan: 'Uneinig über die Klasse' },
      after:
        'Ebenfalls darin: Sensitivität und Spezifität, Uneinigkeit über die Klasse nach Stelle, Paar und Monat, Label-Sätze mit der Prüfsumme ihrer Voten, Netze und ihre Zahlen und die GRRAS-Checkliste.',
    },
  },
  network: {
    models: {
      figures: { rescan: 'Richtig über die Klasse' },
      majorityNote: 'Was ganz ohne Netz bei der Klasse herauskäme.',
      confusionNote: 'Jedes Feld: Anzahl Scans. Die Linien trennen die zwei Klassen.',
    },
  },
  reading: { rescanFrom: `ab hier ${positive}` },
  recipe: { series: { rescan: 'Klasse richtig' } },
  settling: {
    conflict: `Gerundetes Mittel und Mehrheit sind uneins, ob es ${positive} ist.`,
    meeting: { across: 'Klasse strittig' },
  },
  studies: { cutHere: `Grenze der Klassen: ab hier ${positive}` },
  errors: { 'no-rescan-cut': 'Diese Studie fragt nach einem Befund; gesendet werden nur die Grade.' },
  pacs: { send: { kinds: { rescan: 'Klasse' }, rescan: 'Klasse' } },
  desk: {
    lesson: { acrossCut: 'Es ist die andere Klasse.' },
    result: { side: 'Die Klasse war in {same} von {n} richtig.' },
  },
  quality: {
    columns: { side: 'Gleiche Klasse' },
    paired: {
      acrossCut: 'Zur anderen Klasse',
      nAcross: '{n} zur anderen Klasse',
      across: 'Von allen {n} zweiten Voten wechselten {count} die Klasse.',
    },
  },
})
