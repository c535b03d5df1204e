namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The style sheet of the page: dark on light, one column of prose, panels two abreast where there is room, black on white in print.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { --ink: #1a1a1a; --soft: #555; --rule: #c9c9c9; --paper: #fff; --tint: #f5f6f7; --accent: #00558a; }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55;
          font: 400 1.0625rem/1.55 Charter, "Bitstream Charter", "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "Liberation Serif", serif; }
        main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
        header { padding-top: 2.5rem; }
        h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; font-weight: 600; }
        h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.8rem 0 .7rem; padding-top: .6rem; border-top: 1px solid var(--rule); font-weight: 600; }
        h3 { font-size: 1.08rem; margin: 1.6rem 0 .3rem; font-weight: 600; }
        p, ul.sentences { max-width: 46rem; margin: .5rem 0 .8rem; }
        ul.sentences { padding-left: 1.2rem; } ul.sentences li { margin: .3rem 0; }
        .subtitle { color: var(--soft); margin: 0; }
        a { color: var(--accent); }
        nav ul { list-style: none; margin: 1.2rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .95rem; }
        math { font-size: 1.02em; } math[display="block"] { display: inline math; }
        .warnings { border-left: 4px solid #b04a00; background: #fdf5ef; padding: .6rem 1rem; margin: 1.2rem 0; max-width: 48rem; }
        .warnings p { margin: .25rem 0; }
        .scroll { overflow-x: auto; margin: .8rem 0; }
        .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        table { border-collapse: collapse; border-top: 1.6px solid var(--ink); border-bottom: 1.6px solid var(--ink);
          font-size: .97rem; font-variant-numeric: tabular-nums lining-nums; }
        caption { text-align: left; color: var(--soft); padding-bottom: .4rem; font-size: .95rem; }
        th, td { padding: .3rem .8rem; text-align: left; white-space: nowrap; vertical-align: baseline; }
        thead tr:last-child th { border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom; }
        thead th { font-weight: 600; } th.group { padding-bottom: 0; }
        td.n, th.n { text-align: right; }
        tbody tr.first td, tbody tr.first th { border-top: 1px solid var(--rule); }
        tbody th { font-weight: 400; }
        td.far { font-weight: 700; }
        table.dense { font-size: .9rem; } table.dense th, table.dense td { padding: .25rem .5rem; } table.dense .gap { padding-left: 1.4rem; }
        table.dense th.group { text-align: center; border-bottom: 1px solid var(--rule); }
        table.facts td, table.facts th { white-space: normal; }
        figure { margin: 1.6rem 0 2rem; }
        .panels { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.1rem 1.6rem; }
        .panels.single { grid-template-columns: minmax(0, 33rem); }
        .panels svg { display: block; width: 100%; height: auto; }
        figcaption { max-width: 52rem; font-size: .95rem; line-height: 1.5; margin-top: .8rem; color: #333; }
        figcaption b { color: var(--ink); }
        ol.steps { list-style: none; margin: 0; padding: 0; }
        ol.steps > li { border-left: 2px solid var(--rule); padding: .1rem 0 .3rem 1.1rem; margin: 1.1rem 0; }
        ol.steps h3 { margin: 0 0 .2rem; } ol.steps .number { color: var(--soft); font-weight: 400; }
        .equation { overflow-x: auto; overflow-y: hidden; padding: .35rem 0; }
        details { font-size: .9rem; color: var(--soft); } summary { cursor: pointer; }
        pre { margin: .3rem 0; padding: .6rem .8rem; background: var(--tint); overflow-x: auto; font: .85rem/1.45 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; color: var(--ink); }
        footer { margin-top: 3rem; padding-bottom: 3rem; color: var(--soft); font-size: .92rem; }
        @media (max-width: 46rem) {
          body { font-size: 1rem; }
          main, header, footer { padding-left: 1rem; padding-right: 1rem; }
          header { padding-top: 1.4rem; }
          h1 { font-size: 1.55rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
          .panels, .panels.single { grid-template-columns: minmax(0, 1fr); }
          th, td { padding: .28rem .5rem; } table { font-size: .92rem; }
        }
        @media print {
          @page { margin: 16mm 14mm; }
          body { font-size: 10pt; }
          main, header, footer { max-width: none; padding: 0; }
          nav, details { display: none; }
          h2 { break-after: avoid; } h3 { break-after: avoid; }
          figure, tr, ol.steps > li, .warnings { break-inside: avoid; }
          .scroll, .equation { overflow: visible; }
          .panels { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          a { color: inherit; text-decoration: none; }
        }
        """;
}
