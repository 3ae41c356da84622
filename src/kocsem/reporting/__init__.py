"""An analysis to tables, figures and files; computes no statistic."""
