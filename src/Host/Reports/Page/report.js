// Draws the plots of a report. Tables and thumbnails are in the page already; this adds what can be zoomed and chosen.
"use strict";
(() => {
  const fault = document.getElementById("fault");
  const complain = reason => {
    fault.hidden = false;
    fault.textContent = "The plots could not be drawn: " + reason;
  };
  addEventListener("error", event => complain(event.message));
  addEventListener("unhandledrejection", event => complain(String(event.reason)));

  const plotly = window.Plotly || window.moduleName;
  const stages = JSON.parse(document.getElementById("data").textContent);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const config = {
    responsive: true,
    displaylogo: false,
    // Named one by one: the library's own set holds a button that sends the data to its maker.
    modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
    toImageButtonOptions: { format: "svg" },
  };

  const axis = title => ({
    title: { text: title, standoff: 8 },
    gridcolor: colour("faint"), linecolor: colour("line"), tickcolor: colour("line"),
    zeroline: false, ticks: "outside", ticklen: 4, automargin: true,
  });

  const layout = extra => ({
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 12.5, color: colour("quiet") },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("quiet"), activecolor: colour("accent") },
    margin: { l: 62, r: 14, t: 12, b: 46 },
    showlegend: false,
    hoverlabel: { bgcolor: colour("card"), bordercolor: colour("line"), font: { color: colour("ink") } },
    ...extra,
  });

  const line = (trace, name, yaxis, extra, hover) => ({
    x: trace.x, y: trace.y, name, yaxis, type: "scatter", mode: "lines", line: extra, hovertemplate: hover,
  });

  const spikes = (times, name, row, extra) => ({
    x: times, y: times.map(() => row), name, yaxis: "y2", type: "scatter", mode: "markers",
    marker: { symbol: "line-ns", size: 11, line: { width: 1.6, color: extra } }, hovertemplate: "%{x:.2f} ms",
  });

  // The recorded trace is a broad, pale line and the model's a fine one upon it, so that both are seen where they agree.
  // One x axis carries all three panels, so that zooming or panning one moves the others.
  const drawSweep = (place, sweep, stage) => {
    const modelled = sweep.fitted.y.length > 0;
    const anySpikes = sweep.recordedSpikes.length + sweep.fittedSpikes.length > 0;
    const traces = [
      { ...line(sweep.lower, "95 % band", "y", { color: colour("fitted"), width: 0 }), hoverinfo: "skip" },
      { ...line(sweep.upper, "95 % band", "y", { color: colour("fitted"), width: 0 }), hoverinfo: "skip", fill: "tonexty", fillcolor: "rgba(217, 72, 15, 0.18)" },
      line(sweep.recorded, "recorded", "y", { color: colour("recorded"), width: modelled ? 3.6 : 1.6 }, "%{y:.2f} mV"),
      line(sweep.fitted, "model", "y", { color: colour("fitted"), width: 1.4 }, "%{y:.2f} mV"),
      spikes(sweep.recordedSpikes, "recorded spike", "recorded", colour("recorded")),
      spikes(sweep.fittedSpikes, "model spike", "model", colour("fitted")),
      line(sweep.stimulus, "stimulus", "y3", { color: colour("stimulus"), width: 1.6 }, "%{y:.4g} nA"),
    ].filter(trace => trace.x.length > 0);
    const potential = anySpikes ? [0.4, 1] : [0.3, 1];
    plotly.react(place, traces, layout({
      uirevision: stage.name,
      hovermode: "x",
      dragmode: "zoom",
      xaxis: { ...axis("time (ms)"), anchor: "y3", showspikes: true, spikemode: "across", spikethickness: 1, spikedash: "dot", spikecolor: colour("quiet") },
      yaxis: { ...axis("membrane potential (mV)"), domain: potential },
      yaxis2: {
        ...axis(""), domain: [0.27, 0.36], visible: anySpikes, fixedrange: true, type: "category", showgrid: false, ticks: "",
        categoryorder: "array", categoryarray: modelled ? ["model", "recorded"] : ["recorded"], range: [-0.6, 1.6], dtick: 1,
      },
      yaxis3: { ...axis("stimulus (nA)"), domain: [0, 0.2] },
    }), config);
  };

  const drawLosses = (place, stage) => {
    const losses = stage.curves.flatMap(curve => curve.y).filter(loss => loss > 0);
    const decades = Math.log10(Math.max(...losses) / Math.min(...losses));
    const curves = stage.curves.map((curve, rank) => ({
      x: curve.x, y: curve.y.map(loss => loss > 0 ? loss : null), name: "start " + (rank + 1), type: "scatter",
      mode: curve.x.length > 1 ? "lines" : "markers", opacity: rank === 0 ? 1 : 0.6,
      line: { color: colour(rank === 0 ? "fitted" : "recorded"), width: rank === 0 ? 2.4 : 1.1 },
      hovertemplate: "%{y:.4g} " + stage.lossUnit.replace(/[<>&%{}]/g, "") + " at iteration %{x}",
    }));
    // The best start is drawn last, over the others.
    plotly.react(place, curves.reverse(), layout({
      hovermode: "closest",
      xaxis: { ...axis("iteration"), rangemode: "tozero" },
      yaxis: { ...axis("loss" + (stage.lossUnit ? " (" + stage.lossUnit.replace(/[<>&]/g, "") + ")" : "")), type: "log", exponentformat: "power", dtick: decades > 2 ? Math.ceil(decades / 8) : undefined },
    }), config);
  };

  // A row for each sweep: of each stimulus the recorded repeats, below them the model's.
  const drawRaster = (place, rasters) => {
    const rows = rasters.flatMap((raster, i) => raster.rows.map((row, j) => ({ ...row, gap: i > 0 && j === 0 })));
    let height = 0;
    const levels = rows.map(row => -(height += row.gap ? 1.7 : 1));
    const traces = ["recorded", "model"].map(kind => ({
      x: rows.flatMap(row => row.kind === kind ? row.x : []),
      y: rows.flatMap((row, i) => row.kind === kind ? row.x.map(() => levels[i]) : []),
      text: rows.flatMap(row => row.kind === kind ? row.x.map(() => "sweep " + row.sweep) : []),
      name: kind, type: "scatter", mode: "markers",
      marker: { symbol: "line-ns", size: 9, line: { width: 1.2, color: colour(kind === "model" ? "fitted" : "recorded") } }, hovertemplate: "%{text}: %{x:.1f} ms",
    }));
    place.style.height = (70 + 15 * height) + "px";
    plotly.react(place, traces, layout({
      hovermode: "closest",
      xaxis: { ...axis("time (ms)"), range: [Math.min(...rasters.map(raster => raster.start)), Math.max(...rasters.map(raster => raster.end))] },
      yaxis: {
        ...axis(""), fixedrange: true, showgrid: false, ticks: "", range: [-height - 0.8, -0.2],
        tickmode: "array", tickvals: levels, ticktext: rows.map(row => (row.kind === "model" ? "model " : "recorded ") + row.sweep), tickfont: { size: 10.5 },
      },
    }), config);
  };

  const redraws = [];
  const training = drawTraining({ plotly, colour, axis, layout, config });
  document.querySelectorAll("[data-stage]").forEach(section => {
    const stage = stages[Number(section.dataset.stage)];
    const sweepPlot = section.querySelector(".sweep-plot");
    const lossPlot = section.querySelector(".loss-plot");
    const raster = section.querySelector(".spike-raster");
    if (lossPlot) redraws.push(() => drawLosses(lossPlot, stage));
    if (raster) redraws.push(() => drawRaster(raster, stage.rasters));
    if (stage.profiles) redraws.push(...drawProfiles({ plotly, colour, axis, layout, config }, section, stage.profiles));
    if (stage.training) redraws.push(...training.of(section, stage.training));
    if (stage.trial) redraws.push(...training.trial(section, stage.trial));
    if (!sweepPlot) return;

    const select = section.querySelector("select");
    const buttons = [...section.querySelectorAll("[data-sweep]")];
    let chosen = Math.max(0, buttons.findIndex(button => "#" + button.id === location.hash));
    const show = () => {
      select.value = String(chosen);
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === chosen)));
      drawSweep(sweepPlot, stage.sweeps[chosen], stage);
    };
    const choose = index => {
      chosen = (index + buttons.length) % buttons.length;
      history.replaceState(null, "", "#" + buttons[chosen].id);
      show();
    };
    select.addEventListener("change", () => choose(Number(select.value)));
    section.querySelector(".previous").addEventListener("click", () => choose(chosen - 1));
    section.querySelector(".next").addEventListener("click", () => choose(chosen + 1));
    buttons.forEach((button, i) => button.addEventListener("click", () => choose(i)));
    redraws.push(show);
  });

  const comparison = document.querySelector(".comparison-plot");
  const compared = JSON.parse(document.getElementById("compared").textContent);
  if (comparison) redraws.push(...training.compare(comparison, stages.filter(stage => stage.training), compared));

  const redraw = () => redraws.forEach(draw => draw());
  redraw();
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", redraw);
  }
})();
