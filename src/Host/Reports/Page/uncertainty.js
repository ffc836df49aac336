// Draws the profile likelihoods of a fit: the fall of the likelihood over a parameter, with the threshold of its 95 % interval.
"use strict";
const drawProfiles = ({ plotly, colour, axis, layout, config }, section, profiles) => {
  const plain = text => text.replace(/[<>&%{}]/g, "");
  const draw = (place, profile) => {
    const name = plain(profile.name);
    const unit = plain(profile.unit);
    const line = (x, y, style) => ({ type: "line", xref: "x", yref: "y", x0: x[0], x1: x[1], y0: y[0], y1: y[1], line: style });
    const least = Math.min(0, ...profile.y);
    plotly.react(place, [{
      x: profile.x, y: profile.y, name, type: "scatter", mode: "lines+markers",
      line: { color: colour("fitted"), width: 1.8, shape: "spline" }, marker: { size: 5, color: colour("fitted") },
      hovertemplate: "%{x:.5g} " + unit + ": %{y:.3f} nats<extra></extra>",
    }], layout({
      hovermode: "closest",
      xaxis: axis(name + (unit ? " (" + unit + ")" : "")),
      yaxis: { ...axis("fall of the likelihood (nats)"), range: [least - 0.1, Math.max(2.5, 1.05 * Math.min(4, Math.max(...profile.y)))] },
      shapes: [
        { ...line([0, 1], [profile.threshold, profile.threshold], { color: colour("quiet"), width: 1, dash: "dot" }), xref: "paper" },
        ...profile.ends.map(end => line([end, end], [least, profile.threshold], { color: colour("stimulus"), width: 1.4 })),
      ],
    }), config);
  };

  return [...section.querySelectorAll(".profile-plot")].map(place => () => draw(place, profiles[Number(place.dataset.profile)]));
};
