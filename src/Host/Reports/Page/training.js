// Draws a training: its curves, a trial through the network, weights, and trainings beside each other.
"use strict";
const drawTraining = ({ plotly, colour, axis, layout, config }) => {
  // The library reads markup and placeholders in labels; nothing that a file names may become either.
  const plain = text => text.replace(/[<>&%{}]/g, "");
  const hues = ["#1c7ed6", "#d9480f", "#2b8a3e", "#9c36b5", "#c2255c", "#0b7285", "#e67700", "#5c7cfa", "#66a80f", "#862e9c", "#a61e4d", "#495057"];
  const hue = i => hues[i % hues.length];
  const panel = (top, height, total) => [1 - (top + height) / total, 1 - top / total];
  const legend = (domain, extra) => ({
    x: 1.01, xanchor: "left", y: domain[1], yanchor: "top", bgcolor: "rgba(0,0,0,0)", font: { size: 11.5 }, tracegroupgap: 0, itemwidth: 30, ...extra,
  });
  const line = (trace, name, style, more) => ({
    x: trace.x, y: trace.y, name, type: "scatter", mode: trace.x.length > 1 ? "lines" : "markers", line: style, ...more,
  });

  const drawLearning = (place, training) => {
    const name = plain(training.accuracyName);
    const pair = (key, yaxis, hover) => [
      line(training[key], "training", { color: colour("recorded"), width: 1.2 }, { yaxis, showlegend: key === "loss", hovertemplate: hover }),
      {
        ...line(training["validation" + key[0].toUpperCase() + key.slice(1)], "validation", { color: colour("fitted"), width: 2.2 }, { yaxis, showlegend: key === "loss", hovertemplate: hover }),
        mode: "lines+markers", marker: { size: 5, color: colour("fitted") },
      },
    ];
    const hasRates = training.rates.length > 0;
    const rates = training.rates.map((trace, i) => line(
      trace, plain(trace.name), { color: hue(i), width: 1.4 }, { yaxis: "y3", legend: "legend2", hovertemplate: "%{y:.3g} Hz" }));
    plotly.react(place, [...pair("loss", "y", "%{y:.4g}"), ...pair("accuracy", "y2", "%{y:.4g}"), ...rates], layout({
      hovermode: "x unified", showlegend: true, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
      xaxis: { ...axis("trials trained on"), anchor: hasRates ? "y3" : "y2", rangemode: "tozero" },
      yaxis: { ...axis("loss"), domain: hasRates ? [0.71, 1] : [0.55, 1], rangemode: "tozero" },
      yaxis2: { ...axis(name), domain: hasRates ? [0.37, 0.66] : [0, 0.45], rangemode: "tozero" },
      ...(hasRates ? {
        yaxis3: { ...axis("rate (Hz)"), domain: [0, 0.26], rangemode: "tozero" },
        legend2: { orientation: "h", x: 0, y: 0.265, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
      } : {}),
      margin: { l: 62, r: 14, t: 34, b: 46 },
    }), config);
  };

  const drawTrial = (place, trial) => {
    const groupOf = trace => trace.variable + " " + trace.population;
    const groups = [...new Set(trial.potentials.map(groupOf))];
    const rows = trial.rasters.reduce((sum, raster) => sum + raster.rows, 0);
    const potentialHeight = 140;
    const rasterHeight = rows ? Math.min(420, Math.max(160, rows * 3)) : 0;
    const panels = [
      ["raster", rasterHeight], ["rates", trial.rasters.some(raster => !raster.isInput) ? 110 : 0], ["inputs", trial.inputs.length ? 110 : 0],
      ...groups.map(group => ["of " + group, potentialHeight]), ["readout", trial.readout.length ? 150 : 0],
    ].filter(([, height]) => height > 0);
    const gap = 22;
    const total = panels.reduce((sum, [, height]) => sum + height + gap, -gap);
    // On a narrow screen the plot takes the legends' place; what a trace is, it says where it is pointed at.
    const isNarrow = place.clientWidth < 640;
    const margin = { l: 92, r: isNarrow ? 14 : 150, t: isNarrow ? 54 : 26, b: 46 };
    const pixelsPerTime = (place.clientWidth - margin.l - margin.r) / trial.end;
    place.style.height = total + margin.t + margin.b + "px";

    const traces = [];
    const shapes = [];
    const annotations = [];
    const axes = {};
    const legends = {};
    let top = 0;
    let number = 0;
    const open = (height, settings) => {
      number++;
      const id = number === 1 ? "" : String(number);
      const domain = panel(top, height, total);
      axes["yaxis" + id] = { ...settings, domain };
      legends["legend" + id] = legend(domain);
      top += height + gap;
      return { at: { yaxis: "y" + id, legend: "legend" + id }, domain };
    };
    const heightOf = Object.fromEntries(panels);

    if (heightOf.raster) {
      const ticks = [];
      let row = 0;
      const slot = open(rasterHeight, {
        ...axis(""), showgrid: false, ticks: "", range: [rows - 0.5, -0.5], tickvals: ticks, ticktext: trial.rasters.map(raster => plain(raster.name)),
      });
      const size = Math.min(9, Math.max(1.6, rasterHeight / rows * 0.85));
      let shade = 0;
      for (const raster of trial.rasters) {
        const color = raster.isInput ? colour("quiet") : hue(shade++);
        const from = row;
        ticks.push(row + (raster.rows - 1) / 2);
        if (row > 0) shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, yref: slot.at.yaxis, y0: row - 0.5, y1: row - 0.5, line: { color: colour("line"), width: 1 } });
        traces.push({
          x: raster.x, y: raster.y.map(unit => from + unit), customdata: raster.y.map(unit => unit * raster.stride), name: plain(raster.name), type: "scatter", mode: "markers",
          marker: { symbol: "line-ns", size, line: { width: 1.2, color } }, yaxis: slot.at.yaxis, showlegend: false,
          hovertemplate: plain(raster.name) + " unit %{customdata}, %{x} ms<extra></extra>",
        });
        row += raster.rows;
      }
    }
    if (heightOf.rates) {
      const slot = open(heightOf.rates, { ...axis("rate (Hz)"), rangemode: "tozero" });
      trial.rasters.filter(raster => !raster.isInput).forEach((raster, i) => traces.push(line(
        { x: raster.rateX, y: raster.rateY }, plain(raster.name), { color: hue(i), width: 1.6 }, { ...slot.at, hovertemplate: "%{y:.3g} Hz" })));
    }
    if (heightOf.inputs) {
      const slot = open(heightOf.inputs, axis("input"));
      trial.inputs.forEach((trace, i) => traces.push(line(trace, plain(trace.name), { color: hue(i + 4), width: 1.4 }, { ...slot.at, hovertemplate: "%{y:.4g}" })));
    }
    for (const group of groups) {
      const units = trial.potentials.filter(trace => groupOf(trace) === group);
      const slot = open(potentialHeight, axis(plain(group) + (units[0].in === "1" ? "" : " (" + plain(units[0].in) + ")")));
      const levels = units.flatMap(trace => [...trace.y.filter(level => level !== null), ...trace.threshold]);
      const highest = levels.reduce((most, level) => Math.max(most, level), -Infinity);
      const lowest = levels.reduce((least, level) => Math.min(least, level), Infinity);
      units.forEach((trace, i) => {
        const tag = "unit " + trace.unit;
        traces.push(line(trace, tag, { color: hue(i), width: 1.1 }, { ...slot.at, legendgroup: group + tag, hovertemplate: "%{y:.4g} " + plain(trace.in) }));
        if (trace.spikes.length) traces.push({
          x: trace.spikes, y: trace.spikes.map(() => highest + (i + 0.7) * 0.1 * (highest - lowest)), name: "spike of " + tag, type: "scatter", mode: "markers", ...slot.at, legendgroup: group + tag, showlegend: false,
          marker: { symbol: "line-ns", size: 9, line: { width: 1.6, color: hue(i) } }, hovertemplate: "spike, %{x} ms",
        });
      });
      const thresholds = [...new Set(units.flatMap(trace => trace.threshold))];
      thresholds.forEach((level, i) => traces.push(line(
        { x: [0, trial.end], y: [level, level] }, "threshold", { color: colour("quiet"), width: 1.2, dash: "dash" }, { ...slot.at, legendgroup: group + "threshold", showlegend: i === 0, hoverinfo: "skip" })));
    }
    if (heightOf.readout) {
      const slot = open(heightOf.readout, axis("readout"));
      trial.readout.forEach((trace, i) => traces.push(line(trace, plain(trace.name), { color: hue(i), width: 1.8 }, { ...slot.at, hovertemplate: "%{y:.4g}" })));
      trial.targets.forEach((trace, i) => traces.push(line(trace, "target " + plain(trace.name), { color: hue(i), width: 1.4, dash: "dot" }, { ...slot.at, connectgaps: false, hovertemplate: "%{y:.4g}" })));
      for (const asked of trial.asked) {
        const target = trial.readout.findIndex(trace => trace.name === asked.name);
        const color = target < 0 ? colour("quiet") : hue(target);
        shapes.push({ type: "rect", xref: "x", yref: "paper", x0: asked.span[0], x1: asked.span[1], y0: slot.domain[0], y1: slot.domain[1], line: { color, width: 1.4 }, fillcolor: color, opacity: 0.14 });
        annotations.push({
          x: asked.span[1], xref: "x", xanchor: "right", y: slot.domain[1], yref: "paper", yanchor: "bottom", showarrow: false,
          text: asked.name ? "target: " + plain(asked.name) : "target counts", font: { size: 11.5, color },
        });
      }
    }

    // Periods are shaded behind everything, those of one kind alike, and named above.
    const kind = period => period.name.replace(/ \d+$/, "");
    const kinds = [...new Set(trial.periods.map(kind))];
    trial.periods.forEach((period, i) => {
      shapes.unshift({ type: "rect", layer: "below", xref: "x", yref: "paper", x0: period.span[0], x1: period.span[1], y0: 0, y1: 1, line: { width: 0 }, fillcolor: colour("quiet"), opacity: kinds.indexOf(kind(period)) % 2 ? 0.05 : 0.13 });
      const fits = name => (period.span[1] - period.span[0]) * pixelsPerTime > 7 * name.length;
      const text = [period.name, kind(period)].find(fits);
      const isFirst = trial.periods.findIndex(other => kind(other) === kind(period)) === i;
      if (text || isFirst) annotations.push({
        x: (period.span[0] + period.span[1]) / 2, xref: "x", y: 1, yref: "paper", yanchor: "bottom", showarrow: false, text: plain(text || kind(period)), font: { size: 11.5 },
      });
    });
    plotly.react(place, traces, layout({
      hovermode: "closest", dragmode: "zoom", showlegend: !isNarrow, margin, shapes, annotations, ...axes, ...legends,
      xaxis: { ...axis("time (ms)"), range: [0, trial.end], anchor: "y" + number, showgrid: false },
    }), config);
  };

  const drawWeights = (place, weights) => {
    const unit = plain(weights.unit);
    const middles = weights.before.map((_, i) => (weights.edges[i] + weights.edges[i + 1]) / 2);
    const per = unit === "1" ? "" : " (1/" + unit + ")";
    const steps = (y, name) => ({
      x: weights.edges, y: [...y, y[y.length - 1]], name, type: "scatter", mode: "lines", line: { shape: "hv", width: 1.6, color: colour("stimulus") }, hovertemplate: "%{y:.3g}",
    });
    const bars = (y, name) => ({ x: middles, y, name, type: "bar", marker: { color: colour("fitted") }, opacity: 0.4, hovertemplate: "%{y:.3g}" });
    const traces = weights.isTrained ? [bars(weights.after, "after"), steps(weights.before, "before")] : [steps(weights.before, "not trained")];
    const fit = (y, name, dash) => line({ x: weights.at, y }, name, { color: colour("ink"), width: 1.8, dash }, { hovertemplate: "%{y:.3g}" });
    if (weights.at.length) traces.push(fit(weights.halfNormal, "half-normal", "dot"), fit(weights.logNormal, "log-normal", "solid"));
    const highest = Math.max(...weights.before, ...weights.after);
    plotly.react(place, traces, layout({
      barmode: "overlay", bargap: 0, hovermode: "x unified", showlegend: true,
      title: { text: plain(weights.projection), font: { size: 14, color: colour("ink") }, x: 0, xref: "paper", y: 0.985, yanchor: "top" },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)", font: { size: 11 }, itemwidth: 30 },
      margin: { l: 62, r: 14, t: 62, b: 46 },
      xaxis: { ...axis("|w|" + (unit === "1" ? "" : " (" + unit + ")")), rangemode: "tozero", exponentformat: "power" },
      // A log-normal density may rise far above the bars next to 0, and weights that are all the same stand in one bar.
      yaxis: { ...axis("density" + per), range: [0, 1.15 * highest], exponentformat: "power" },
    }), config);
  };

  const drawComparison = (place, stages) => {
    const best = key => (stage, i) => {
      const validated = stage.training["validation" + key[0].toUpperCase() + key.slice(1)];
      return line(validated.x.length ? validated : stage.training[key], plain(stage.name), { color: hue(i), width: 2 }, {
        yaxis: key === "loss" ? "y" : "y2", legendgroup: String(i), showlegend: key === "loss", hovertemplate: "%{y:.4g}",
      });
    };
    const names = [...new Set(stages.map(stage => plain(stage.training.accuracyName)))];
    plotly.react(place, [...stages.map(best("loss")), ...stages.map(best("accuracy"))], layout({
      hovermode: "x unified", showlegend: true, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
      margin: { l: 62, r: 14, t: 34, b: 46 },
      xaxis: { ...axis("trials trained on"), anchor: "y2", rangemode: "tozero" },
      yaxis: { ...axis("validation loss"), domain: [0.55, 1], rangemode: "tozero" },
      yaxis2: { ...axis("validation " + names.join(", ")), domain: [0, 0.45], rangemode: "tozero" },
    }), config);
  };

  // The weights of one projection after each training, in the colours of the curves; dashed: before it, where that is not an earlier one's.
  const drawCompared = (place, compared, names) => {
    const unit = plain(compared.unit);
    const isShared = compared.trainings.filter(of => of.before.length).length === 1;
    const steps = (y, name, style) => ({
      x: compared.edges, y: [...y, y[y.length - 1]], name, type: "scatter", mode: "lines", line: { shape: "hv", ...style }, hovertemplate: "%{y:.3g}",
    });
    const colourOf = of => hue(names.indexOf(of.name));
    const traces = [
      ...compared.trainings.filter(of => of.before.length).map(of => steps(
        of.before, isShared ? "before" : "before " + plain(of.name), { width: 1.4, dash: "dash", color: isShared ? colour("quiet") : colourOf(of) })),
      ...compared.trainings.map(of => steps(of.after, plain(of.name), { width: 1.8, color: colourOf(of) })),
    ];
    plotly.react(place, traces, layout({
      hovermode: "x unified",
      title: { text: plain(compared.projection), font: { size: 14, color: colour("ink") }, x: 0, xref: "paper", y: 0.985, yanchor: "top" },
      margin: { l: 62, r: 14, t: 36, b: 46 },
      xaxis: { ...axis("|w|" + (unit === "1" ? "" : " (" + unit + ")")), rangemode: "tozero", exponentformat: "power" },
      yaxis: { ...axis("density" + (unit === "1" ? "" : " (1/" + unit + ")")), rangemode: "tozero", exponentformat: "power" },
    }), config);
  };

  return {
    // What draws the plots of one stage's section.
    of: (section, training) => {
      const learning = section.querySelector(".learning-plot");
      const trial = section.querySelector(".trial-plot");
      return [
        ...(learning ? [() => drawLearning(learning, training)] : []),
        ...(trial ? [() => drawTrial(trial, training.trial)] : []),
        ...[...section.querySelectorAll(".weight-plot")].map(place => () => drawWeights(place, training.weights[Number(place.dataset.projection)])),
      ];
    },
    // What draws the trial of a stage without training.
    trial: (section, trial) => [...section.querySelectorAll(".trial-plot")].map(place => () => drawTrial(place, trial)),
    compare: (place, stages, compared) => [
      () => {
        drawComparison(place, stages);
        document.querySelectorAll("[data-training]").forEach(item => item.style.setProperty("--hue", hue(Number(item.dataset.training))));
      },
      ...[...document.querySelectorAll(".compared-plot")].map(plot => () => drawCompared(plot, compared[Number(plot.dataset.compared)], stages.map(stage => stage.name))),
    ],
  };
};
