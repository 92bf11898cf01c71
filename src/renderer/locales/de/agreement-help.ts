/** Was die Zahlen des Überblicks bedeuten: Text, Grenzen und Quelle jeder Festlegung. */
export const agreementHelp = {
  about: 'Was das bedeutet: {what}',
  lead: 'Was jede Zahl sagt, was sie nicht sagt, und woher ihre Festlegung stammt.',
  meaning: 'Was sie bedeuten:',
  back: 'Zurück zum Überblick',
  contents: 'Inhalt',
  limits: 'Grenzen:',
  topics: {
    rescan: {
      title: 'Uneinigkeit über die Neuaufnahme',
      text: 'Von den Scans mit zwei oder mehr Voten der Anteil, bei dem die einen neu aufnehmen würden und die anderen nicht. Diese Zahl kostet einen Patienten einen zweiten Scan oder eine schlechte Messung. Darunter steht derselbe Anteil unter den Scans, deren gerundeter mittlerer Grad einer der beiden neben der Grenze ist: Dort ist der Entscheid knapp.',
      limits:
        'Sie hängt davon ab, wie viele Scans nahe der Grenze liegen: Schwierigere Scans erhöhen sie bei denselben Personen. Mit mehr Voten je Scan wird ein Scan leichter strittig; vergleichen Sie Studien mit gleich vielen Voten je Scan.',
      source:
        'Wie in der Bachelorarbeit zur Bewegungseinstufung von 2023. Intervall: Wilson 1927, JASA 22; über Patienten, wo ein Patient mehrere Scans hat.',
    },
    percent: {
      title: 'Prozentuale Einigkeit',
      text: 'Volle Einigkeit: der Anteil der Scans (mit einem Votum von allen), denen alle denselben Grad gaben. Einigkeit zu zweit: von allen Paaren von Voten zum selben Scan der Anteil gleicher.',
      limits:
        'Ein Teil davon käme durch Zufall zustande, umso mehr, je häufiger ein Grad ist. Volle Einigkeit sinkt mit der Zahl der Personen.',
      source: 'Fleiss 1971, Psychological Bulletin 76, für Paare von Voten.',
    },
    kappa: {
      title: 'Kappa: Cohen, Fleiss, Conger, Light',
      text: 'Einigkeit über den Zufall hinaus: 0 ist, was der Zufall gäbe, 1 ist vollkommen, unter 0 ist weniger als Zufall. Cohens Kappa gilt für zwei Personen. Fleiss’ Kappa gilt für alle zugleich und nimmt den Zufall aus den Graden aller zusammen; Congers nimmt die Grade jeder Person für sich; Lights ist das Mittel von Cohens über alle Paare.',
      limits:
        'Die einfachen Formen zählen 1 gegen 5 nicht schlimmer als 1 gegen 2. Alle hängen davon ab, wie häufig jeder Grad ist (siehe: Warum Kappa niedrig sein kann). Nicht definiert, wo alle Voten gleich sind.',
      source:
        'Cohen 1960, Educational and Psychological Measurement 20; Light 1971 und Fleiss 1971, Psychological Bulletin 76; Conger 1980, ebd. 88. Standardfehler: Fleiss, Cohen und Everitt 1969; Fleiss, Nee und Landis 1979.',
    },
    weights: {
      title: 'Gewichtetes Kappa',
      text: 'Weit entfernte Grade zählen mehr. Linear: Der Abzug wächst mit dem Abstand; quadratisch: mit seinem Quadrat, so dass 1 gegen 5 sechzehnmal so schwer wiegt wie 1 gegen 2. Abstände werden auf der ganzen Skala der Studie gemessen, nicht nur auf den Graden, die vorkommen.',
      limits:
        'Quadratische Gewichte sehen über viele kleine Unterschiede hinweg und geben hohe Werte; ein kleiner Unterschied über die Grenze zur Neuaufnahme wiegt nicht mehr als jeder andere. Nennen Sie in einer Arbeit die Gewichte.',
      source:
        'Cohen 1968, Psychological Bulletin 70; Fleiss und Cohen 1973, Educational and Psychological Measurement 33.',
    },
    prevalence: {
      title: 'Warum Kappa niedrig sein kann, obwohl alle meist einig sind',
      text: 'Sind fast alle Scans Grad 1, so ist man sich bei fast allen schon durch Zufall einig. Über den Zufall hinaus bleibt wenig zu gewinnen, und wenige Unterschiede ziehen Kappa herab: 94 % Einigkeit können mit einem Kappa unter 0 einhergehen. Kappa sagt dann, dass diese Scans wenig über die Personen verraten, nicht dass diese schlecht sind.',
      limits:
        'Sehen Sie daneben die prozentuale Einigkeit, Gwets AC1 und den Prävalenzindex des Entscheids an. Vergleichen Sie nicht Kappas von Studien, deren Grade anders verteilt sind.',
      source:
        'Feinstein und Cicchetti 1990, Journal of Clinical Epidemiology 43; Byrt, Bishop und Carlin 1993, ebd. 46; das Beispiel: Gwet 2008, British Journal of Mathematical and Statistical Psychology 61.',
    },
    words: {
      title: 'Die Worte: gering, mäßig, mittel …',
      text: 'Landis und Koch gaben Bereichen von Kappa Worte: unter 0 keine, bis 0,20 gering, bis 0,40 mäßig, bis 0,60 mittel, bis 0,80 beachtlich, darüber fast vollkommen. Sie helfen, eine Zahl vorzulesen, und lassen sich auf der Seite abschalten.',
      limits:
        'Die Bereiche sind willkürlich, wie die Autoren selbst sagen. Gemeint waren sie für einfache Kappas: Ein gewichtetes Kappa, ein Alpha oder eine Intraklassen-Korrelation braucht andere. Ein Wort verdeckt das Intervall: Bei wenigen Scans kann es über drei Worte reichen.',
      source: 'Landis und Koch 1977, Biometrics 33, Seite 165.',
    },
    alpha: {
      title: 'Krippendorffs Alpha',
      text: 'Eins minus gefundene Uneinigkeit durch die vom Zufall erwartete: 1 ist vollkommen, 0 ist Zufall. Es nimmt beliebig viele Personen und fehlende Voten. Nominal: Jeder Unterschied zählt gleich; ordinal: nach der Zahl der Voten zwischen zwei Graden; Intervall: nach dem Quadrat des Abstands.',
      limits:
        'Krippendorff verlangt 0,80, und 0,667 für vorläufige Schlüsse; auch diese Schwellen sind Festlegungen. Nicht definiert, wo alle Voten gleich sind. Hängt wie Kappa davon ab, wie häufig jeder Grad ist.',
      source:
        'Krippendorff 2011, Computing Krippendorff’s Alpha-Reliability. Intervall: Bootstrap über Scans oder über Patienten.',
    },
    gwet: {
      title: 'Gwets AC1 und AC2',
      text: 'Einigkeit über den Zufall hinaus, wobei der Zufall so geschätzt wird, dass er nicht nahe an 1 kommt, wenn ein Grad sehr häufig ist. AC1 zählt jeden Unterschied gleich, AC2 gewichtet sie.',
      limits:
        'Sein Zufall ist ein eigenes Modell und gibt immer einen Wert: Wo alle Voten gleich sind, ist AC1 1. Die Worte von Landis und Koch sind nicht dafür gemacht.',
      source:
        'Gwet 2008, British Journal of Mathematical and Statistical Psychology 61; Gwet 2014, Handbook of Inter-Rater Reliability.',
    },
    icc: {
      title: 'Intraklassen-Korrelation',
      text: 'Welcher Teil der Streuung der Grade von den Scans kommt und nicht von den Personen. (1,1): Die Personen wechseln von Scan zu Scan; (2,1): diese stehen für andere, und wer höher einstuft, zählt als Fehler; (3,1): nur diese Personen, feste Unterschiede verziehen. Mit k: für das Mittel aller.',
      limits:
        'Nimmt Grade als Zahlen mit gleichen Schritten und nutzt nur Scans mit einem Votum von allen. Sinkt, wenn die Scans einander gleichen. Nennen Sie in einer Arbeit die Form.',
      source: 'Shrout und Fleiss 1979, Psychological Bulletin 86; McGraw und Wong 1996, Psychological Methods 1.',
    },
    kendall: {
      title: 'Kendalls W',
      text: 'Ob alle die Scans in dieselbe Reihenfolge bringen, von 0 bis 1, bereinigt um gleiche Grade.',
      limits:
        'Wer immer um eins höher einstuft, ist darin vollkommen einig. Nur Scans mit einem Votum von allen zählen.',
      source:
        'Kendall und Babington Smith 1939, Annals of Mathematical Statistics 10; mit der Korrektur für Bindungen.',
    },
    cut: {
      title: 'Entscheid zur Neuaufnahme zu zweit',
      text: 'Positive Einigkeit: von allen Malen, da jemand die Neuaufnahme verlangt, der Anteil, bei dem es auch die andere Person tut. Negative Einigkeit: dasselbe für behaltene Scans. Prävalenzindex: wie ungleich Ja und Nein sind; Biasindex: wie viel öfter die erste Person eine Neuaufnahme verlangt. PABAK: Kappa, wären beide 0.',
      limits:
        'Bei wenigen Neuaufnahmen steht die positive Einigkeit auf wenigen Scans. PABAK ist zweimal die beobachtete Einigkeit minus eins und sagt nicht mehr als diese.',
      source:
        'Cicchetti und Feinstein 1990, Journal of Clinical Epidemiology 43; Byrt, Bishop und Carlin 1993, ebd. 46. Test: McNemar, exakt bei weniger als 25 verschiedenen Entscheiden.',
    },
    bias: {
      title: 'Wer höher einstuft',
      text: 'Die mittlere Differenz der Grade zweier Personen auf den Scans, die beide einstuften, mit ihrem Intervall, und Wilcoxons Vorzeichen-Rang-Test, dass niemand höher einstuft.',
      limits:
        'Bei sehr vielen Scans wird auch ein belangloser Unterschied signifikant: Sehen Sie zuerst seine Größe an.',
      source:
        'Wilcoxon 1945, Biometrics Bulletin 1; gleiche Voten ausgelassen, mittlere Ränge, Varianz für Bindungen bereinigt.',
    },
    repeats: {
      title: 'Übereinstimmung mit sich selbst',
      text: 'Scans, die dieselbe Person unangekündigt zweimal sah: wie oft der Grad derselbe war, Kappa mit quadratischen Gewichten zwischen erstem und zweitem Grad, und wie oft der Entscheid zur Neuaufnahme kippte. Niemand stimmt mit anderen besser überein als mit sich selbst.',
      limits: 'Braucht Wiederholungen im Aufbau der Studie. Bei wenigen Wiederholungen sind die Zahlen unsicher.',
      source: 'Cohen 1968, Psychological Bulletin 70.',
    },
    drift: {
      title: 'Drift',
      text: 'Ob jemand im Lauf der Befundung höher oder niedriger einstuft als die anderen: die Steigung von eigenem Grad minus Mittel der anderen, vom ersten bis zum letzten eigenen Votum, mit Intervall und dem t-Test, dass es keine gibt.',
      limits:
        'Driften alle gleich, so ist nichts zu sehen. Eine Gerade zeigt keine Änderung, die kommt und geht: Sehen Sie die Zehntel im Diagramm an.',
      source: 'Kleinste Quadrate über die eigene Reihenfolge, die bei allen verschieden ist.',
    },
    labels: {
      title: 'Regeln der Labels',
      text: 'Mehrheit: der Grad, den mehr als die Hälfte der Voten gibt, von mindestens zweien; sonst keiner. Gerundetes Mittel: ab ,5 aufgerundet. Median: das mittlere Votum. Dawid und Skene: der wahrscheinlichste Grad, wobei die Fehler jeder Person aus allen Voten geschätzt werden. Ein entschiedener Scan hat bei jeder Regel den Grad des Entscheids.',
      limits:
        'Gerundetes Mittel und Median können einen Grad geben, den niemand gab, und das gerundete Mittel kann einen Scan auf der anderen Seite der Grenze lassen als die meisten: Aus (1, 4, 4) wird 3. Dawid und Skene nehmen an, dass alle unabhängig voneinander irren.',
      source:
        'Dawid und Skene 1979, Applied Statistics 28: Maximum Likelihood ohne Glättung, ausgehend von der Mehrheit.',
    },
    intervals: {
      title: '95-%-Intervalle',
      text: 'Würde die Studie immer wieder mit anderen Scans derselben Art gemacht, so enthielten solche Intervalle in 95 von 100 Fällen den wahren Wert. Anteile: Wilson. Cohen, Fleiss und Gwet: aus ihren Standardfehlern. Alpha und Conger: Bootstrap, 1000 Stichproben mit festem Startwert, so dass dieselben Voten dasselbe Intervall geben. Wo Patienten mehrere Scans haben, werden ganze Patienten gezogen.',
      limits:
        'Sie sprechen von anderen Scans, nicht von anderen Personen. Intervalle aus Standardfehlern nehmen die Scans als unabhängig voneinander.',
      source: 'Wilson 1927, JASA 22; Efron und Tibshirani 1993, An Introduction to the Bootstrap, Kapitel 13.',
    },
    missing: {
      title: 'Fehlende Voten und „nicht einstufbar“',
      text: '„Nicht einstufbar“ ist kein Grad: Es zählt als Votum im Fortschritt und als Unterschied in der Liste strittiger Scans, aber nicht in den Koeffizienten. Fleiss, Conger, die Intraklassen-Korrelationen und W nutzen Scans mit einem Grad von allen; die anderen nutzen, was da ist.',
      limits: 'Werden die schwierigen Scans ausgelassen, sind die Zahlen zu gut.',
      source: 'Gwet 2014, Handbook of Inter-Rater Reliability, für Koeffizienten mit fehlenden Voten.',
    },
  },
}
