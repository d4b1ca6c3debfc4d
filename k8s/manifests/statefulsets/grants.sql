-- Services make their own databases, all named bigtech_….
GRANT ALL ON `bigtech\_%`.* TO bigtech@'%';
