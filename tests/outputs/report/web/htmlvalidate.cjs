module.exports = {
  root: true,
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    // of search engines, and no report is for them: the name of a gemeente and that of the organisation may take more than 70 characters
    "long-title": "off",
  },
};
